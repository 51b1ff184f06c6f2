//! Two faults at once: the findings are about these two, in words that say what is wrong.

use crate::command::run;
use proofmark::model::finding::Finding;
use proofmark::model::verdict::exit;
use std::collections::BTreeSet;

/// A fault and all that a run of the whole suite has to say about it.
struct Defect {
    fault: &'static str,
    /// Check and requirement of every finding that it makes.
    causes: &'static [(&'static str, &'static str)],
    /// What the messages say in so many words.
    says: &'static str,
}

const CALLBACK_TWICE: Defect = Defect {
    fault: "ivr-callback-twice",
    causes: &[("callback", "twice")],
    says: "the callback came twice (",
};
const WRONG_REPLY_NAME: Defect = Defect {
    fault: "vas-wrong-reply-name",
    causes: &[("xsd", "cvc-attribute.4")],
    says: "`CheckServiceInfo`",
};
const NO_CHARSET: Defect = Defect {
    fault: "ivr-no-charset",
    causes: &[("charset", "label")],
    says: "no charset is declared where the contract has GBK",
};
const WRONG_RESULT: Defect = Defect {
    fault: "ivr-callback-wrong-result",
    causes: &[("callback", "equals")],
    says: "the callback came wrong: ",
};
const UNDOCUMENTED_FIELD: Defect = Defect {
    fault: "cube-undocumented-field",
    causes: &[("undocumented", "documented")],
    says: "`traceId` is not documented",
};
const REPEATED_ID: Defect = Defect {
    fault: "cube-order-id-repeated",
    causes: &[("rule", "order-ids-differ")],
    says: "not so: An order id names one order",
};

#[test]
fn two_faults_of_two_providers_are_named() {
    names_exactly(&CALLBACK_TWICE, &WRONG_REPLY_NAME);
}

#[test]
fn two_faults_of_one_provider_are_named() {
    names_exactly(&NO_CHARSET, &WRONG_RESULT);
}

#[test]
fn a_defect_is_named_beside_a_warning_in_every_answer() {
    names_exactly(&UNDOCUMENTED_FIELD, &REPEATED_ID);
}

/// Every finding belongs to one of the two, and each of the two has some, which say what it is.
#[track_caller]
fn names_exactly(one: &Defect, other: &Defect) {
    let ran = run(&["--fault", one.fault, "--fault", other.fault, "--jobs", "32"]);
    assert_eq!((ran.status, ran.counts.errored), (exit::FINDINGS, 0));
    let findings: Vec<&Finding> = ran.trials.iter().flat_map(|t| t.findings().map(|(_, f)| f)).collect();
    let cause = |f: &Finding| (f.check.clone(), f.requirement.clone().unwrap_or_default());
    let named: BTreeSet<(String, String)> = findings.iter().map(|f| cause(f)).collect();
    let expected = [one, other].into_iter().flat_map(|defect| defect.causes);
    assert_eq!(named, expected.map(|(c, r)| ((*c).to_owned(), (*r).to_owned())).collect());
    for defect in [one, other] {
        let is_of =
            |f: &&&Finding| defect.causes.iter().any(|(c, r)| cause(f) == ((*c).to_owned(), (*r).to_owned()));
        let words: BTreeSet<&str> = findings.iter().filter(is_of).map(|f| f.message.as_str()).collect();
        assert!(words.iter().all(|message| message.contains(defect.says)), "{}: {words:#?}", defect.fault);
    }
}
