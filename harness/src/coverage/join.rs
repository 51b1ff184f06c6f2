//! [`join`]: what the shards of a run touched together.

use crate::record::{Coverage, KindCoverage, Untouched};

/// What either of two runs of the same specs touched. `None` where the specs were not the same.
pub fn join(one: Coverage, other: &Coverage) -> Option<Coverage> {
    if one.fingerprint != other.fingerprint || one.apis.len() != other.apis.len() {
        return None;
    }
    let mut joined = one;
    for (api, more) in joined.apis.iter_mut().zip(&other.apis) {
        for (kind, more) in api.kinds.iter_mut().zip(&more.kinds) {
            both(kind, more);
        }
    }
    Some(joined)
}

/// Untouched is what neither touched.
fn both(kind: &mut KindCoverage, other: &KindCoverage) {
    let in_both = |mine: &mut Vec<Untouched>, theirs: &[Untouched]| {
        let known: std::collections::HashSet<_> = theirs.iter().map(|u| (&u.name, &u.spec)).collect();
        mine.retain(|u| known.contains(&(&u.name, &u.spec)));
    };
    in_both(&mut kind.untouched, &other.untouched);
    in_both(&mut kind.explained, &other.explained);
    kind.touched = kind.documented - kind.untouched.len() - kind.explained.len();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Location;
    use crate::record::{ApiCoverage, Documented};

    fn coverage(untouched: &[&str]) -> Coverage {
        let location = Location { file: "openapi.yaml".into(), line: 1, column: 1 };
        let untouched: Vec<Untouched> = untouched
            .iter()
            .map(|name| Untouched { name: (*name).into(), spec: location.clone(), doc: None, because: None })
            .collect();
        let kind = KindCoverage {
            kind: Documented::Code,
            documented: 4,
            touched: 4 - untouched.len(),
            explained: Vec::new(),
            untouched,
        };
        let api = ApiCoverage { name: "demo".into(), document: None, kinds: vec![kind] };
        Coverage { fingerprint: "1".into(), apis: vec![api] }
    }

    #[test]
    fn untouched_is_what_no_shard_touched() {
        let joined = join(coverage(&["a", "b", "c"]), &coverage(&["b", "d"])).expect("the same specs");
        assert_eq!(joined, coverage(&["b"]));
        let changed = Coverage { fingerprint: "2".into(), ..coverage(&[]) };
        assert_eq!(join(coverage(&["a"]), &changed), None);
    }
}
