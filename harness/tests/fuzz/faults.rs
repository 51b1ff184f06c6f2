//! Faults that fuzzing alone finds, each by name.

use crate::command::fuzz;
use proofmark_sandbox::faults;

struct Row {
    fault: &'static str,
    operation: &'static str,
    /// Part of the name of a deviation; empty sends all of the operation's.
    probe: &'static str,
    /// Check, requirement and place of the finding.
    found: &'static str,
}

const fn row(fault: &'static str, operation: &'static str, probe: &'static str, found: &'static str) -> Row {
    Row { fault, operation, probe, found }
}

/// None of these is found by a rule that was written for it: the judges know the contract and HTTP.
const ROWS: [Row; 22] = [
    row("ivr-other-methods-served", "ivrchaxun", "", "fuzz method-served method"),
    row("ivr-product-length-not-checked", "ivrbaoyue", "", "fuzz accepted-maxLength productid"),
    row("ivr-markup-reflected", "ivrchaxun", "", "fuzz reflected-markup phone"),
    row("ivr-trace-in-cause", "ivrchaxun", "", "fuzz leak phone"),
    row("ivr-query-unstable", "ivrchaxun", "", "fuzz unstable base"),
    row("ivr-missing-parameter-500", "ivrchaxun", "", "fuzz server-error phone"),
    row("ivr-order-time-not-checked", "ivrbaoyue", "", "fuzz accepted-pattern order_time"),
    row("cube-period-unlimited", "orderPackage", "", "fuzz accepted-pattern order_period"),
    row("cube-numbers-accepted", "orderPackage", "", "fuzz accepted-type test_flow"),
    row("cube-malformed-body-500", "orderPackage", "", "fuzz server-error body"),
    row("cube-long-name-dropped", "orderPackage", "", "fuzz dropped package_name"),
    row("cube-missing-field-500", "orderPackage", "", "fuzz leak order_period"),
    row("cube-unknown-enum-accepted", "orderPackage", "", "fuzz accepted-enum is_open"),
    row("cube-amount-not-checked", "orderPackage", "", "fuzz accepted-pattern pay_amount"),
    row("vas-sql-error-shown", "notify_check", "", "fuzz leak requestid"),
    row("vas-request-id-not-checked", "notify_check", "", "fuzz accepted-pattern requestid"),
    row("vas-missing-parameter-success", "notify_check", "", "fuzz required-ignored msisdn"),
    row("vas-bad-xml-500", "notify_check", "", "fuzz server-error body"),
    row("roam-deleted-address-listed", "address_delete", "sequence", "fuzz deleted-still-there sequence"),
    row("roam-unbind-does-nothing", "datacard_unbind", "sequence", "fuzz deleted-still-there sequence"),
    row("roam-session-not-checked", "city_gets", "credential", "fuzz accepted-credential-unknown sessionid"),
    row(
        "roam-foreign-order-accepted",
        "order_shipping",
        "thing-of",
        "fuzz accepted-thing-of-another orderid",
    ),
];

#[test]
fn every_fault_of_the_table_is_found_by_fuzzing_alone() {
    let mut missed = Vec::new();
    for row in ROWS {
        let api =
            faults().iter().find(|f| f.name == row.fault).unwrap_or_else(|| panic!("{}", row.fault)).api;
        let mut arguments =
            vec!["--api", api, "--operation", row.operation, "--fault", row.fault, "--seed", "7"];
        arguments.extend(["--phases", "examples,boundaries,sequences"]);
        if !row.probe.is_empty() {
            arguments.extend(["--probe", row.probe]);
        }
        let fuzzed = fuzz(&arguments);
        let wanted = format!("{} {}", row.operation, row.found);
        if !fuzzed.findings().contains(&wanted) || fuzzed.status != 1 {
            missed.push(format!(
                "{}: no `{wanted}`, status {}, in {:#?}{}",
                row.fault,
                fuzzed.status,
                fuzzed.findings(),
                fuzzed.said
            ));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
