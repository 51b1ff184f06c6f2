//! The content model of an element, stepped beside the validator to tell what a misplaced child means.
//!
//! The validator stops understanding an element's children at the first one that does not fit. Here the shortest list
//! of missing elements is searched that would make the child fit, so that one missing element is one violation and
//! what comes after it is still judged.

use std::collections::{HashMap, HashSet, VecDeque};
use xsd_schema::compiler::{
    NfaTerm, SubstitutionGroupMap, build_substitution_group_map, compile_content_model_matcher,
};
use xsd_schema::validation::ContentValidatorState as State;
use xsd_schema::{ComplexTypeKey, ElementKey, NameId, SchemaSet, TypeKey};

/// States looked at in one search. Real content models need a few dozen.
const MAX_SEARCH: usize = 150;

/// An element that a content model names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub name: NameId,
    pub namespace: Option<NameId>,
    pub declaration: Option<ElementKey>,
}

/// The content models of a schema, compiled as they are needed.
pub(crate) struct Models<'s> {
    set: &'s SchemaSet,
    groups: SubstitutionGroupMap,
    initial: HashMap<ComplexTypeKey, Option<State>>,
}

/// Where in its content model an open element is.
pub(crate) struct Content {
    state: State,
    /// Target namespace of the type, for wildcards.
    target: Option<NameId>,
}

impl<'s> Models<'s> {
    pub(crate) fn new(set: &'s SchemaSet) -> Models<'s> {
        Models { set, groups: build_substitution_group_map(set), initial: HashMap::new() }
    }

    /// The start of the content model of a type, if elements may be in it.
    pub(crate) fn start(&mut self, kind: TypeKey) -> Option<Content> {
        let TypeKey::Complex(key) = kind else { return None };
        let complex = self.set.arenas.complex_types.get(key)?;
        let set = self.set;
        let state = self.initial.entry(key).or_insert_with(|| {
            let matcher = compile_content_model_matcher(set, complex).ok()?;
            Some(State::from_matcher(matcher))
        });
        let state = state.clone()?;
        matches!(state, State::Nfa { .. } | State::AllGroup { .. })
            .then_some(Content { state, target: complex.target_namespace })
    }

    fn step(
        &self,
        state: &mut State,
        target: Option<NameId>,
        name: NameId,
        namespace: Option<NameId>,
    ) -> bool {
        let groups = (!self.groups.is_empty()).then_some(&self.groups);
        matches!(
            state.try_advance_element(name, namespace, target, self.set.xsd_version, groups),
            Ok(Some(_))
        )
    }
}

impl Content {
    /// Takes a child; `false`, and nothing changes, if it does not fit.
    pub(crate) fn advance(&mut self, models: &Models<'_>, name: NameId, namespace: Option<NameId>) -> bool {
        models.step(&mut self.state, self.target, name, namespace)
    }

    /// The elements that would fit next.
    pub(crate) fn expected(&self) -> Vec<Wanted> {
        expected(&self.state)
    }

    /// All elements that the model names anywhere.
    pub(crate) fn known(&self) -> Vec<Wanted> {
        match &self.state {
            State::Nfa { nfa, .. } => nfa.states.iter().filter_map(|s| wanted(s.term.as_ref()?)).collect(),
            State::AllGroup { model, .. } => model.particles.iter().filter_map(|p| wanted(&p.term)).collect(),
            State::Simple | State::Empty => Vec::new(),
        }
    }

    /// The shortest list of elements that are missing before a child that does not fit; `None` if it never fits. Each
    /// has its alternatives with it.
    pub(crate) fn missing_before(
        &self,
        models: &Models<'_>,
        name: NameId,
        namespace: Option<NameId>,
    ) -> Option<Vec<Vec<Wanted>>> {
        // In an `xs:all` nothing can be missing before something else.
        if !matches!(self.state, State::Nfa { .. }) {
            return None;
        }
        self.search(models, |state| models.step(&mut state.clone(), self.target, name, namespace))
    }

    /// The shortest list of elements that are missing at the end; empty if the content is complete or no list is found.
    pub(crate) fn missing_at_end(&self, models: &Models<'_>) -> Vec<Vec<Wanted>> {
        match &self.state {
            state if state.is_complete() => Vec::new(),
            State::AllGroup { model, state, .. } => {
                let required = |i: &usize| model.particles[*i].min_occurs > 0 && state.can_accept(model, *i);
                let missing = (0..model.particles.len()).filter(required);
                missing.filter_map(|i| wanted(&model.particles[i].term)).map(|w| vec![w]).collect()
            }
            _ => self.search(models, State::is_complete).unwrap_or_default(),
        }
    }

    /// Breadth-first over what could be inserted, until `goal` holds.
    fn search(&self, models: &Models<'_>, goal: impl Fn(&State) -> bool) -> Option<Vec<Vec<Wanted>>> {
        let mut queue = VecDeque::from([(self.state.clone(), Vec::<Vec<Wanted>>::new())]);
        let mut seen = HashSet::from([signature(&self.state)]);
        let mut looked_at = 0;
        while let Some((state, path)) = queue.pop_front() {
            let next: Vec<(Wanted, State)> = expected(&state)
                .into_iter()
                .filter_map(|wanted| {
                    let mut next = state.clone();
                    models
                        .step(&mut next, self.target, wanted.name, wanted.namespace)
                        .then_some((wanted, next))
                })
                .collect();
            let reaching: Vec<Wanted> =
                next.iter().filter(|(_, next)| goal(next)).map(|(wanted, _)| *wanted).collect();
            if !reaching.is_empty() {
                return Some([path, vec![reaching]].concat());
            }
            for (wanted, next) in next {
                looked_at += 1;
                if looked_at > MAX_SEARCH {
                    return None;
                }
                if seen.insert(signature(&next)) {
                    queue.push_back((next, [path.clone(), vec![vec![wanted]]].concat()));
                }
            }
        }
        None
    }
}

/// States that expect the same are taken for the same: it keeps the search small, and counters out of it.
fn signature(state: &State) -> (Vec<u32>, bool) {
    let mut names: Vec<u32> = expected(state).iter().map(|wanted| wanted.name.0).collect();
    names.sort_unstable();
    (names, state.is_complete())
}

fn expected(state: &State) -> Vec<Wanted> {
    match state {
        State::Nfa { nfa, active_states, .. } => active_states
            .expected_element_terms(nfa)
            .into_iter()
            .map(|(name, namespace, declaration)| Wanted { name, namespace, declaration })
            .collect(),
        State::AllGroup { model, state, .. } => (0..model.particles.len())
            .filter(|&i| state.can_accept(model, i))
            .filter_map(|i| wanted(&model.particles[i].term))
            .collect(),
        State::Simple | State::Empty => Vec::new(),
    }
}

fn wanted(term: &NfaTerm) -> Option<Wanted> {
    match term {
        NfaTerm::Element { name, namespace, element_key, .. } => {
            Some(Wanted { name: *name, namespace: *namespace, declaration: *element_key })
        }
        NfaTerm::Wildcard { .. } => None,
    }
}
