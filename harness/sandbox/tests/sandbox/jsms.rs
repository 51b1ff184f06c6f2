//! The order desk of document 001: orders, resources, and the steps of matching.

use serde_json::Value;

use crate::bench::{Bench, member};
use crate::client::{self, Answer};

const ORDER: &str = "D000120170621";
const OTHER_ORDER: &str = "D000220170621";

/// success, fail, failure, code
fn summary(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json;charset=UTF-8"));
    let json = answer.text();
    assert_ne!(member(&json, "/msg"), "\"\"");
    ["/success", "/fail", "/failure", "/code"].map(|path| member(&json, path)).join(" ")
}

const DONE: &str = "true false false null";

fn refused(code: &str) -> String {
    format!("false true true \"{code}\"")
}

/// state, stateName, demandState, demandStateName, remark
fn state(bench: &Bench, id: &str) -> String {
    let json = bench.jsms_order(id).text();
    let names = ["state", "stateName", "demandState", "demandStateName", "remark"];
    names.map(|name| member(&json, &format!("/data/{name}"))).join(" ")
}

/// The ids of a page of resources.
fn ids(answer: &Answer) -> Vec<String> {
    let json: Value = serde_json::from_str(&answer.text()).expect("JSON");
    let resources = json["data"].as_array().unwrap_or_else(|| panic!("no list in {json}"));
    resources.iter().map(|resource| resource["resourceId"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn the_first_order_is_the_documented_one() {
    let bench = Bench::new(&[]);
    let expected = "{\"success\":true,\"fail\":false,\"code\":null,\"data\":{\"orderId\":\"D000120170621\",\
        \"companyName\":\"111\",\"industryType\":\"同行\",\"belongSale\":149,\"smsType\":\"验证码\",\
        \"expectNumber\":\"100万以下\",\"minimumGuarantee\":\"0\",\"channelType\":\"0\",\"directConnect\":0,\
        \"extendSize\":0,\"rate\":null,\"signType\":\"0\",\"contentTemplate\":\"1\",\"payType\":\"预付\",\
        \"salePrice\":\"统一价:0.1\",\"invoiceType\":0,\"onlineDate\":\"2017-06-28\",\"isAudit\":0,\"state\":0,\
        \"remark\":null,\"auditorId\":null,\"operatorId\":60,\"createTime\":\"2017-06-28 14:32:05\",\
        \"updateTime\":\"2017-06-28 14:32:05\",\"belongSaleName\":\"abc\",\"channelTypeName\":\",三网合一\",\
        \"directConnectName\":\"直连\",\"signTypeName\":\",自定义\",\"invoiceTypeName\":\"不要票\",\
        \"isAuditName\":\"否\",\"stateName\":\"待配单\",\"minimumGuaranteeName\":\"不承诺保底\",\
        \"extendSizeName\":\"无特殊要求\",\"demandState\":null,\"demandStateName\":\"——\"},\
        \"msg\":\"查询成功！\",\"failure\":false}";
    assert_eq!(bench.jsms_order(ORDER).text(), expected);
}

#[test]
fn the_first_resources_are_the_documented_ones() {
    let bench = Bench::new(&[]);
    let json = bench.jsms("order/resource/query", "rows=10&page=1").text();
    let page =
        ["/pageNo", "/pageSize", "/totalRecord", "/totalPage", "/params"].map(|path| member(&json, path));
    assert_eq!(page, ["1", "10", "17", "2", "{}"]);
    let first = "{\"orderBy\":null,\"rowNum\":null,\"resourceId\":\"T000020170621\",\"channelId\":\"1\",\
        \"channelType\":\"1\",\"smsType\":\"1\",\"contentProp\":\"1\",\"belongBusiness\":\"1\",\
        \"belongBusinessName\":null,\"directConnect\":\"1\",\"extendSize\":\"1\",\"signType\":\"1\",\
        \"purchasePrice\":\"统一价:0.22\",\"rate\":\"1\",\"minimumGuarantee\":\"1\",\"isCredit\":\"1\",\
        \"payType\":\"1\",\"invoiceType\":\"1\",\"mtIp\":\"1\",\"protocolType\":\"1\",\"supplier\":\"1\",\
        \"contact\":\"1\",\"mobile\":\"1\",\"isAudit\":\"0\",\"onlineDate\":\"2017-06-19\",\"state\":\"3\",\
        \"remark\":\"1\",\"auditorId\":\"1\",\"operatorId\":\"1\",\"createTime\":\"2017-06-20 09:49:18\",\
        \"updateTime\":\"2017-06-20 11:08:44\",\"channelTypeName\":\",移动\",\"directConnectName\":\"第三方\",\
        \"signTypeName\":\",报备签名\",\"extendSizeName\":\"支持1位\",\"minimumGuaranteeName\":\"1万条/月\",\
        \"isCreditName\":\"1万条/月\",\"invoiceTypeName\":\"专票\",\"protocolTypeName\":\"CMPP\",\
        \"stateName\":\"撤销\"}";
    assert!(json.contains(&format!("\"data\":[{first},")), "{json}");
    assert!(json.ends_with("],\"otherData\":null,\"totalOtherData\":null,\"orderByClause\":null}"), "{json}");
    let second = |name: &str| member(&json, &format!("/data/1/{name}"));
    let shown = ["resourceId", "channelType", "channelTypeName", "onlineDate", "stateName", "updateTime"];
    let expected = ["\"T000120170621\"", "\"122\"", "\"\"", "null", "\"待接入\"", "\"2017-06-20 12:41:36\""];
    assert_eq!(shown.map(second), expected);
}

#[test]
fn the_four_steps_lead_around() {
    let bench = Bench::new(&[]);
    let step = |path: &str, form: &str| summary(&bench.jsms(&format!("peidan/{path}"), form));
    let resources = "resourceIds=T000120170621&resourceIds=T000220170621&resourceIds=T000120170621";
    assert_eq!(step("daipipei", &format!("orderId={ORDER}&{resources}&remark=a+b%26")), DONE);
    assert_eq!(state(&bench, ORDER), "1 \"待匹配\" null \"——\" \"a b&\"");
    let of_order = || ids(&bench.jsms("order/resource/query", &format!("orderId={ORDER}")));
    assert_eq!(of_order(), ["T000120170621", "T000220170621"]);
    assert_eq!(step("pipeichenggong", &format!("orderId={ORDER}&resourceIds=T000320170621")), DONE);
    assert_eq!(state(&bench, ORDER), "2 \"匹配成功\" null \"——\" \"a b&\"");
    assert_eq!(of_order(), ["T000320170621"]);
    assert_eq!(step("huitui", &format!("orderId={ORDER}&remark=%E8%AE%A2")), DONE);
    assert_eq!(state(&bench, ORDER), "3 \"已回退\" null \"——\" \"订\"");
    assert_eq!(of_order(), [""; 0]);
    assert_eq!(step("faqixuqiu", &format!("orderId={ORDER}")), DONE);
    assert_eq!(state(&bench, ORDER), "0 \"待配单\" 0 \"已发起\" \"订\"");
    assert_eq!(state(&bench, OTHER_ORDER), "0 \"待配单\" null \"——\" null");
}

#[test]
fn a_step_is_taken_from_the_states_that_allow_it() {
    // In the order of the steps that lead around: from each state the four steps in turn, on an order of its own.
    let steps = ["daipipei", "pipeichenggong", "huitui", "faqixuqiu"];
    let before: [&[&str]; 4] = [&[], &steps[..1], &steps[..2], &["daipipei", "huitui"]];
    let allowed = [
        [true, false, false, false],
        [false, true, true, false],
        [false, false, true, false],
        [false, false, false, true],
    ];
    for (way, allowed) in before.iter().zip(allowed) {
        for (step, allowed) in steps.iter().zip(allowed) {
            let bench = Bench::new(&[]);
            let take = |step: &str| {
                let form = format!("orderId={ORDER}&resourceIds=T000120170621");
                summary(&bench.jsms(&format!("peidan/{step}"), &form))
            };
            assert!(way.iter().all(|step| take(step) == DONE), "{way:?}");
            let shown = bench.jsms_order(ORDER).text();
            let expected = if allowed { DONE.to_owned() } else { refused("2002") };
            assert_eq!(take(step), expected, "{step} after {way:?}");
            assert_eq!(bench.jsms_order(ORDER).text() == shown, !allowed, "{step} after {way:?}");
        }
    }
}

#[test]
fn refusals_have_codes_of_their_own_and_change_nothing() {
    let bench = Bench::new(&[]);
    let place = |form: &str| summary(&bench.jsms("peidan/daipipei", form));
    let order = format!("orderId={ORDER}");
    assert_eq!(place(""), refused("1001"));
    assert_eq!(place("orderId="), refused("1001"));
    assert_eq!(place(&format!("{order}&{order}")), refused("1002"));
    assert_eq!(place("orderId=%FF"), refused("1002"));
    assert_eq!(place(&format!("{order}&remark={}", "x".repeat(501))), refused("1002"));
    assert_eq!(place(&format!("{order}&resourceIds=%FF")), refused("1002"));
    assert_eq!(place("orderId=D999920170621"), refused("2001"));
    assert_eq!(place(&format!("{order}&resourceIds=T999920170621")), refused("3001"));
    assert_eq!(
        place(&format!("{order}&resourceIds=T000120170621&resourceIds=T000020170621")),
        refused("3002")
    );
    assert_eq!(state(&bench, ORDER), "0 \"待配单\" null \"——\" null");
    assert_eq!(place(&format!("{order}&remark={}", "x".repeat(500))), DONE);
    let matched = |form: &str| summary(&bench.jsms("peidan/pipeichenggong", form));
    assert_eq!(matched(&order), refused("1001"));
    assert_eq!(matched(&format!("{order}&resourceIds=&resourceIds=")), refused("1001"));
    let path = "/jsms/peidan/huitui";
    let json = client::post(bench.address(), path, "application/json", b"{\"orderId\":\"D000120170621\"}");
    assert_eq!(summary(&json), refused("1004"));
    let latin1 = "application/x-www-form-urlencoded; charset=ISO-8859-1";
    assert_eq!(summary(&client::post(bench.address(), path, latin1, order.as_bytes())), refused("1004"));
    let bytes = [order.as_bytes(), b"&remark=\xB1\xB8"].concat();
    let form = "application/x-www-form-urlencoded";
    assert_eq!(summary(&client::post(bench.address(), path, form, &bytes)), refused("1003"));
    assert_eq!(summary(&client::request(bench.address(), "POST", path, &[], order.as_bytes())), DONE);
}

#[test]
fn paths_that_name_no_order() {
    let bench = Bench::new(&[]);
    let ask = |path: &str| summary(&client::get(bench.address(), &format!("/jsms/demandOrder{path}")));
    for path in ["", "/", "/%20", "//"] {
        assert_eq!(ask(path), refused("1001"), "{path}");
    }
    for path in ["/%FF", "/%zz", &format!("/{}", "D".repeat(65))] {
        assert_eq!(ask(path), refused("1002"), "{path}");
    }
    for path in ["/D999920170621", "/D0001%2F20170621", "/D000120170621/x", "/%00", "/T000120170621"] {
        assert_eq!(ask(path), refused("2001"), "{path}");
    }
    assert_eq!(ask("/%44000120170621?x=1"), DONE);
}

#[test]
fn pages_have_every_resource_once() {
    let bench = Bench::new(&[]);
    let page = |form: &str| bench.jsms("order/resource/query", form);
    let all = ids(&page("rows=1000"));
    assert_eq!((all.len(), all[16].as_str()), (17, "T001620170621"));
    assert_eq!(ids(&page("")), all);
    for rows in 1..=18 {
        let pages = 17_usize.div_ceil(rows);
        let mut found = Vec::new();
        for number in 1..=pages + 1 {
            let answer = page(&format!("rows={rows}&page={number}"));
            let counts = ["/pageNo", "/pageSize", "/totalRecord", "/totalPage"]
                .map(|path| member(&answer.text(), path));
            assert_eq!(counts, [number, rows, 17, pages].map(|count| count.to_string()));
            found.extend(ids(&answer));
        }
        assert_eq!(found, all, "{rows} a page");
    }
    assert_eq!(ids(&page("rows=1000&page=2147483647")), [""; 0]);
}

#[test]
fn filters_and_what_is_no_filter() {
    let bench = Bench::new(&[]);
    let query = |form: &str| bench.jsms("order/resource/query", form);
    assert_eq!(ids(&query("state=3")).len(), 5);
    assert_eq!(ids(&query("state=0")).len(), 4);
    assert_eq!(ids(&query("state=7")), [""; 0]);
    assert_eq!(member(&query("state=7").text(), "/totalPage"), "0");
    assert_eq!(ids(&query("orderId=&state=")).len(), 17);
    assert_eq!(ids(&query(&format!("orderId={ORDER}"))), [""; 0]);
    assert_eq!(summary(&query("orderId=D999920170621")), refused("2001"));
    bench.jsms(
        "peidan/daipipei",
        &format!("orderId={ORDER}&resourceIds=T000120170621&resourceIds=T000220170621"),
    );
    assert_eq!(ids(&query(&format!("orderId={ORDER}&state=0"))), ["T000120170621"]);
    for form in [
        "rows=0",
        "rows=-1",
        "rows=a",
        "rows=1001",
        "rows=1.0",
        "page=0",
        "page=99999999999",
        "state=x",
        "rows=1&rows=1",
    ] {
        assert_eq!(summary(&query(form)), refused("1002"), "{form}");
    }
}

#[test]
fn update_times_are_those_of_the_clock() {
    let bench = Bench::new(&[]);
    bench.jsms("peidan/daipipei", &format!("orderId={ORDER}"));
    let json = bench.jsms_order(ORDER).text();
    assert_eq!(member(&json, "/data/createTime"), "\"2017-06-28 14:32:05\"");
    assert_eq!(member(&json, "/data/updateTime"), "\"2026-02-01 01:00:00\"");
}

#[test]
fn other_methods_are_not_allowed() {
    let bench = Bench::new(&[]);
    let ask = |method: &str, path: &str| {
        let answer = client::request(bench.address(), method, &format!("/jsms/{path}"), &[], b"");
        format!("{} {}", answer.status, answer.header("allow"))
    };
    assert_eq!(ask("POST", "demandOrder/D000120170621"), "405 GET");
    for path in [
        "order/resource/query",
        "peidan/daipipei",
        "peidan/pipeichenggong",
        "peidan/huitui",
        "peidan/faqixuqiu",
    ] {
        assert_eq!(ask("GET", path), "405 POST");
    }
    assert_eq!(ask("POST", "peidan/other"), "404 ");
}
