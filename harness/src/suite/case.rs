//! A file of cases, as written. The doc comments are what editors show: `cases/case.schema.json` is made from here.

use crate::model::level::Level;
use crate::model::source::{At, Span};
use crate::suite::connection::{StepAuth, StepAuthSchema};
use crate::yaml::Node;
use schemars::JsonSchema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Declarative cases of one API.
#[derive(Debug, JsonSchema)]
#[schemars(title = "Proofmark cases", deny_unknown_fields)]
pub struct CaseFile {
    /// The API, as `proofmark.yaml` names it.
    pub api: At<String>,
    /// Variables of every case of the file.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub vars: Vars,
    /// What cases can build upon: a login, a fresh order. Visible in all files of the API.
    #[schemars(with = "Option<BTreeMap<String, Fixture>>")]
    pub fixtures: Vec<(At<String>, Fixture)>,
    /// The cases, each a trial (or one trial a row of `examples`).
    #[schemars(with = "Option<Vec<Case>>")]
    pub cases: Vec<Case>,
}

/// Names and the values given to them, in the order written. Values may hold `${…}`.
pub type Vars = Vec<(At<String>, Node)>;

/// Steps that a case can stand on, with their own clean-up.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fixture {
    /// What it provides, in words.
    #[schemars(with = "Option<String>")]
    pub title: Option<String>,
    /// Variables, which a case may override.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub vars: Vars,
    /// Fixtures that this one stands on.
    #[schemars(with = "Option<UseSchema>", rename = "use")]
    pub uses: Vec<Use>,
    /// Run before the case.
    #[schemars(with = "Option<Vec<Step>>")]
    pub steps: Vec<Step>,
    /// Run after the case, whatever happened.
    #[schemars(with = "Option<Vec<Step>>")]
    pub finally: Vec<Step>,
}

/// One documented example, or one flow.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["call"] }, { "required": ["steps"] }]))]
pub struct Case {
    /// Unique in the API: lower-case words, digits, `-` and `/`.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9/_.-]*$"))]
    pub id: At<String>,
    /// What must be true, as a sentence.
    pub title: String,
    /// Document line(s) that it comes from: `#62`, `#62-70` or `file.txt#62`.
    #[schemars(with = "String")]
    pub doc: Option<At<String>>,
    /// How binding it is.
    #[schemars(with = "Option<Level>")]
    pub level: Level,
    /// For `--tag`.
    #[schemars(with = "Option<Vec<String>>")]
    pub tags: Vec<String>,
    /// Whether its answers are compared with a snapshot; by default what `snapshots.cases` of proofmark.yaml says.
    #[schemars(with = "Option<bool>")]
    pub snapshot: Option<bool>,
    /// Variables of the case.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub vars: Vars,
    /// Fixtures that it stands on: names, or names with variables.
    #[schemars(with = "Option<UseSchema>", rename = "use")]
    pub uses: Vec<Use>,
    /// A table: one trial a row. `name` names the row, other keys are variables.
    #[schemars(with = "Option<Vec<RowSchema>>")]
    pub examples: Vec<Row>,
    /// A flow. Instead of `call`.
    #[schemars(with = "Option<Vec<Step>>")]
    pub steps: Vec<Step>,
    /// Run after the case, whatever happened.
    #[schemars(with = "Option<Vec<Step>>")]
    pub finally: Vec<Step>,
    /// The one call of a case that is not a flow.
    #[schemars(flatten, with = "Option<Step>")]
    pub step: Option<Step>,
    #[schemars(skip)]
    pub span: Span,
}

/// A fixture in use, and the variables given to it.
#[derive(Debug, Clone)]
pub struct Use {
    pub name: At<String>,
    pub vars: Vars,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the ways to write `use` to editors")]
enum UseSchema {
    Name(String),
    Names(Vec<String>),
    WithVars(BTreeMap<String, Option<BTreeMap<String, Value>>>),
}

/// What is read as text: YAML needs no quotes around `200` and `true`.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes text to editors")]
pub(crate) enum TextSchema {
    Text(String),
    Number(f64),
    Boolean(bool),
}

/// A list, or one item alone.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes lists of one to editors")]
pub(crate) enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// A row of `examples`.
#[derive(Debug, Clone)]
pub struct Row {
    pub name: At<String>,
    pub vars: Vars,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes a row to editors")]
struct RowSchema {
    name: TextSchema,
    #[serde(flatten)]
    vars: BTreeMap<String, Value>,
}

/// One request, what its answer must be, and what is taken from it.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Step {
    /// `operationId` of the spec.
    pub call: At<String>,
    /// Start from the spec's example of this name: parameters and body.
    #[schemars(with = "Option<String>")]
    pub from: Option<At<String>>,
    /// Parameters by name; other names are dotted paths into the body.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub with: Vars,
    /// Parameters and body fields to leave out.
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub without: Vec<At<String>>,
    /// The whole body: a tree, or text that is sent as it is.
    #[schemars(with = "Option<Value>")]
    pub body: Option<Node>,
    /// Media type of the request body, where the operation takes several.
    #[schemars(with = "Option<String>", rename = "as")]
    pub media_type: Option<At<String>>,
    /// Request headers; `null` leaves one out that would be sent otherwise.
    #[schemars(with = "Option<BTreeMap<String, Option<TextSchema>>>")]
    pub headers: Vars,
    /// As whom, in place of what the target says: `none`, or other credentials. Of a flow: for all of its steps.
    #[schemars(with = "Option<StepAuthSchema>")]
    pub auth: Option<StepAuth>,
    /// Another method than the operation's.
    #[schemars(with = "Option<String>")]
    pub method: Option<String>,
    /// The raw query string, sent as given.
    #[schemars(with = "Option<String>")]
    pub query: Option<At<String>>,
    /// Another charset than the contract's.
    #[schemars(with = "Option<String>")]
    pub charset: Option<At<String>>,
    /// What the answer must be, beyond what the contract says of every answer.
    #[schemars(with = "Option<Expect>")]
    pub expect: Expect,
    /// Variables taken from the answer, in CEL.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub capture: Vars,
    /// A request that the target must send to us.
    #[schemars(with = "Option<CallbackExpect>")]
    pub callback: Option<CallbackExpect>,
    /// Repeat the call until a predicate holds.
    #[schemars(with = "Option<Await>", rename = "await")]
    pub wait: Option<Await>,
    #[schemars(skip)]
    pub span: Span,
}

/// What an answer must be.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Expect {
    /// A status, a class such as `2XX`, or a list of them. Without it: any documented status.
    #[schemars(with = "Option<StatusSchema>")]
    pub status: Option<At<Vec<At<String>>>>,
    /// Which outcome of the contract: `success`, `failure`.
    #[schemars(with = "Option<String>")]
    pub outcome: Option<At<String>>,
    /// The documented code.
    #[schemars(with = "Option<TextSchema>")]
    pub code: Option<At<String>>,
    /// The documented answer: every field shown must be there, with the same type. `null` stands for any type.
    #[schemars(with = "Option<Value>")]
    pub like: Option<Node>,
    /// Every value given must be equal.
    #[schemars(with = "Option<Value>")]
    pub equals: Option<Node>,
    /// Response headers that must be equal.
    #[schemars(with = "Option<BTreeMap<String, TextSchema>>")]
    pub headers: Vars,
    /// Predicates in CEL, or rules with `id`, `rule`, `level`, `doc`, `says`.
    #[schemars(with = "Option<Vec<RuleSchema>>")]
    pub rules: Vec<Node>,
    /// The answer must be complete within this time.
    #[schemars(with = "Option<String>")]
    pub within: Option<At<Duration>>,
    #[schemars(skip)]
    pub span: Span,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes `status` to editors")]
enum StatusSchema {
    Code(u16),
    Class(String),
    Any(Vec<Value>),
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes a rule to editors")]
enum RuleSchema {
    Predicate(String),
    Rule {
        id: String,
        rule: String,
        when: Option<String>,
        level: Option<Level>,
        doc: Option<String>,
        says: Option<String>,
    },
}

/// An inbound request that belongs to the case.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CallbackExpect {
    /// Key under the operation's `callbacks`.
    pub name: At<String>,
    /// Query or body fields that tell that a request belongs to this case.
    #[schemars(with = "BTreeMap<String, TextSchema>", rename = "match")]
    pub matches: Vars,
    /// How long to wait for it; by default 5s.
    #[schemars(with = "Option<String>")]
    pub within: Option<Duration>,
    /// How often it must come; by default once, `0` for never.
    #[schemars(with = "Option<u64>")]
    pub count: Option<u64>,
    /// How long to look for one more than that; by default 100ms.
    #[schemars(with = "Option<String>")]
    pub settle: Option<Duration>,
    /// What the request must be: `equals` over its fields, and `rules`.
    #[schemars(with = "Option<Expect>")]
    pub expect: Expect,
    #[schemars(skip)]
    pub span: Span,
}

/// Polling with a safe call.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Await {
    /// CEL over the answer.
    #[schemars(with = "String")]
    pub until: Node,
    /// Pause between two calls; by default 100ms.
    #[schemars(with = "Option<String>")]
    pub every: Option<Duration>,
    /// How long to go on; by default 5s.
    #[schemars(with = "Option<String>")]
    pub within: Option<Duration>,
}
