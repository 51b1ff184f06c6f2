//! The functions that CEL programs have beyond the standard library.

use super::ambient::Ambient;
use super::value::to_cel;
use super::{paths, pattern};
use crate::http::digest;
use cel::common::types::{CelBool, CelString, Kind, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use cel::extractors::Arguments;
use cel::{Context, Env, ExecutionError, FunctionContext, Value};
use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

/// Every function, in the order of the manual.
pub const NAMES: [&str; 20] = [
    "get",
    "xpath",
    "jsonpath",
    "digits",
    "uuid",
    "now",
    "date",
    "is_date",
    "days",
    "epoch",
    "md5",
    "sha1",
    "sha256",
    "hmac_sha1",
    "hmac_sha256",
    "base64",
    "money",
    "sum",
    "lower",
    "trim",
];

type Result<T> = std::result::Result<T, ExecutionError>;

/// A root context with all functions, and those of cel-go's extension for lists.
pub fn root() -> Context<'static, 'static> {
    let mut env = Env::stdlib();
    add(env.add_extension(cel::extensions::lists));
    let mut context = Context::with_env(Arc::new(env));
    let c = &mut context;
    // The standard library's own compiles its pattern at each call; it is left out of the build.
    add(c.add_function("matches", as_function(matches)));
    add(c.add_function("get", as_function(get)));
    add(c.add_function("xpath", xpath));
    add(c.add_function("jsonpath", jsonpath));
    add(c.add_function("digits", |f: &FunctionContext, n: i64| digits(f, n).map(Value::from)));
    add(c.add_function("uuid", |f: &FunctionContext| ambient(f).map(|a| Value::from(a.uuid()))));
    add(c.add_function("now", |f: &FunctionContext| {
        ambient(f).map(|a| Value::Int(a.now().timestamp().as_second()))
    }));
    add(c.add_function("date", |f: &FunctionContext, arguments: Arguments| {
        date(f, arguments).map(Value::from)
    }));
    add(c.add_function("is_date", |text: Arc<String>, format: Arc<String>| is_date(&text, &format)));
    add(c.add_function(
        "days",
        |f: &FunctionContext, from: Arc<String>, until: Arc<String>, format: Arc<String>| {
            days(f, &from, &until, &format)
        },
    ));
    add(c.add_function("epoch", |f: &FunctionContext, text: Arc<String>, format: Arc<String>| {
        epoch(f, &text, &format)
    }));
    add(c.add_function("md5", |text: Arc<String>| digest::hex(&digest::md5(text.as_bytes()))));
    add(c.add_function("sha1", |text: Arc<String>| digest::hex(&digest::sha1(text.as_bytes()))));
    add(c.add_function("sha256", |text: Arc<String>| digest::hex(&digest::sha256(text.as_bytes()))));
    add(c.add_function("hmac_sha1", |key: Arc<String>, text: Arc<String>| {
        digest::base64(&digest::hmac_sha1(key.as_bytes(), text.as_bytes()))
    }));
    add(c.add_function("hmac_sha256", |key: Arc<String>, text: Arc<String>| {
        digest::base64(&digest::hmac_sha256(key.as_bytes(), text.as_bytes()))
    }));
    add(c.add_function("base64", |text: Arc<String>| digest::base64(text.as_bytes())));
    add(c.add_function("money", |f: &FunctionContext, value: Value| money(f, &value).map(Value::Int)));
    add(c.add_function("sum", |f: &FunctionContext, list: Value| sum(f, &list)));
    add(c.add_function("lower", |text: Arc<String>| text.to_lowercase()));
    add(c.add_function("trim", |text: Arc<String>| text.trim().to_owned()));
    context
}

/// The names are ours and fixed: a clash with the standard library is a bug that every test would show.
fn add(result: std::result::Result<(), cel::DeclarationError>) {
    result.expect("a function name that CEL does not have");
}

/// A value of the harness that functions find in the context under a name no expression can write.
#[derive(Debug)]
pub struct Shared<T: Debug + Send + Sync + 'static>(pub Arc<T>);

static SHARED: Type = Type::new_unspecified_type("proofmark.shared");

impl<T: Debug + Send + Sync + 'static> Val for Shared<T> {
    fn get_type(&self) -> &Type {
        &SHARED
    }

    fn cel_type() -> &'static Type {
        &SHARED
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
        Box::new(Shared(self.0.clone()))
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl<T: Debug + Send + Sync + 'static> StaticVal for Shared<T> {}

fn shared<T: Debug + Send + Sync + 'static>(f: &FunctionContext, name: &str) -> Option<Arc<T>> {
    f.ptx.get_variable(name)?.downcast_ref::<Shared<T>>().map(|s| s.0.clone())
}

fn ambient(f: &FunctionContext) -> Result<Arc<Ambient>> {
    shared(f, "@ambient").ok_or_else(|| f.error("not available here"))
}

/// A function that is given its arguments as they are: a map of the answer is not converted to look up one key.
fn as_function(function: Raw) -> Boxed {
    Box::new(function)
}

type Raw = for<'c, 'v> fn(&mut FunctionContext<'c, 'v>) -> Result<CowVal<'c, 'v>>;
type Boxed = Box<dyn for<'c, 'v> Fn(&mut FunctionContext<'c, 'v>) -> Result<CowVal<'c, 'v>> + Send + Sync>;

/// `get(map, key, default)`: the value at a key, or the default where the map has no such key.
fn get<'c, 'v>(f: &mut FunctionContext<'c, 'v>) -> Result<CowVal<'c, 'v>> {
    let arguments: [CowVal<'c, 'v>; 3] =
        std::mem::take(&mut f.args).try_into().map_err(|_| f.error("takes a map, a key and a default"))?;
    let [map, key, default] = arguments;
    if map.get_type().kind() != Kind::Map {
        return Ok(default);
    }
    if key.downcast_ref::<CelString>().is_none() {
        return Err(f.error("the key must be a string"));
    }
    let found = match map {
        CowVal::Borrowed(map) => match map.as_indexer() {
            Some(indexer) => indexer.get(key.as_ref()),
            None => return Ok(default),
        },
        CowVal::Owned(map) => match map.into_indexer() {
            Some(indexer) => indexer.steal(key.as_ref()).map(CowVal::Owned),
            None => return Ok(default),
        },
    };
    match found {
        Err(ExecutionError::NoSuchKey(_)) => Ok(default),
        found => found,
    }
}

/// `text.matches(pattern)`, as in the standard library.
fn matches<'c, 'v>(f: &mut FunctionContext<'c, 'v>) -> Result<CowVal<'c, 'v>> {
    let parts: Vec<&CowVal<'c, 'v>> = f.this.iter().chain(&f.args).collect();
    let [text, pattern] = parts.as_slice() else {
        return Err(f.error("takes a text and a pattern"));
    };
    match (text.downcast_ref::<CelString>(), pattern.downcast_ref::<CelString>()) {
        (Some(text), Some(pattern)) => pattern::matches(text.inner(), pattern.inner())
            .map(|found| CowVal::owned(CelBool::from(found)))
            .map_err(|message| f.error(message)),
        _ => {
            let types = parts.iter().map(|part| part.get_type().name().to_owned()).collect();
            Err(match f.this {
                Some(_) => ExecutionError::no_such_member_overload("matches", types),
                None => ExecutionError::no_such_overload("matches", types),
            })
        }
    }
}

/// `xpath('//error_id')`: the string values of the nodes found in the XML answer, in document order.
fn xpath(f: &FunctionContext, path: Arc<String>) -> Result<Value> {
    let document =
        shared::<crate::xml::Document>(f, "@document").ok_or_else(|| f.error("the answer is not XML"))?;
    let path = crate::xml::xpath::XPath::compile(&path).map_err(|e| f.error(e))?;
    let found: Vec<Value> = path.strings(&document).into_iter().map(Value::from).collect();
    Ok(Value::List(found.into()))
}

/// `jsonpath('$..id')` (RFC 9535): the list of values found in the answer's body.
fn jsonpath(f: &FunctionContext, path: Arc<String>) -> Result<Value> {
    let body = shared::<serde_json::Value>(f, "@body").ok_or_else(|| f.error("the answer has no body"))?;
    let path = paths::parsed(&path).map_err(|e| f.error(e))?;
    let found: Vec<Value> = path.query(&body).all().into_iter().map(to_cel).collect();
    Ok(Value::List(found.into()))
}

fn digits(f: &FunctionContext, n: i64) -> Result<String> {
    match usize::try_from(n) {
        Ok(n @ 1..=1000) => Ok(ambient(f)?.digits(n)),
        _ => Err(f.error("takes a number from 1 to 1000")),
    }
}

/// `date(format)` or `date(format, days)`: now, or that many days from now, in the suite's time zone; the format is
/// strftime's.
fn date(f: &FunctionContext, Arguments(arguments): Arguments) -> Result<String> {
    let (format, days) = match arguments.as_slice() {
        [Value::String(format)] => (format, 0),
        [Value::String(format), Value::Int(days)] => (format, *days),
        [Value::String(format), Value::Float(days)] => (format, *days as i64),
        _ => return Err(f.error("takes a format and, optionally, a number of days")),
    };
    let days = jiff::Span::new().try_days(days).map_err(|e| f.error(e))?;
    let time = ambient(f)?.now().checked_add(days).map_err(|e| f.error(e))?;
    jiff::fmt::strtime::format(format.as_bytes(), &time).map_err(|e| f.error(e))
}

/// Whether the whole text is a date that exists, in strftime's format.
fn is_date(text: &str, format: &str) -> bool {
    civil(text, format).is_some()
}

/// A date or a date with a time, where the whole text is one that exists.
fn civil(text: &str, format: &str) -> Option<jiff::civil::DateTime> {
    let parsed = jiff::fmt::strtime::parse(format.as_bytes(), text.as_bytes()).ok()?;
    let date = parsed
        .to_datetime()
        .or_else(|_| parsed.to_date().map(|d| d.to_datetime(jiff::civil::Time::midnight())))
        .ok()?;
    // Written out again it must be the same: strptime takes `1` where the format says `01`.
    let again = jiff::fmt::strtime::format(format.as_bytes(), date).ok()?;
    (again == text).then_some(date)
}

fn existing(f: &FunctionContext, text: &str, format: &str) -> Result<jiff::civil::DateTime> {
    civil(text, format).ok_or_else(|| f.error(format!("`{text}` is not a date like `{format}`")))
}

/// `days('2016-07-25 00:00:00', '2016-08-05 23:59:59', '%Y-%m-%d %H:%M:%S')`: days of the calendar from one date to another;
/// 0 for the same day, negative backwards.
fn days(f: &FunctionContext, from: &str, until: &str, format: &str) -> Result<i64> {
    let (from, until) = (existing(f, from, format)?.date(), existing(f, until, format)?.date());
    let span = from.until((jiff::Unit::Day, until)).map_err(|e| f.error(e))?;
    Ok(i64::from(span.get_days()))
}

/// `epoch('2016-07-25 00:00:00', '%Y-%m-%d %H:%M:%S')`: seconds since 1970 of a date in the suite's time zone.
fn epoch(f: &FunctionContext, text: &str, format: &str) -> Result<i64> {
    let date = existing(f, text, format)?;
    let offset = ambient(f)?.now().offset();
    offset.to_timestamp(date).map(|t| t.as_second()).map_err(|e| f.error(e))
}

/// `sum(list)`: of whole numbers a whole number, else a double; 0 for no numbers.
fn sum(f: &FunctionContext, list: &Value) -> Result<Value> {
    let Value::List(items) = list else { return Err(f.error("takes a list of numbers")) };
    let (mut whole, mut double, mut is_whole) = (0_i64, 0.0, true);
    for item in items.iter() {
        match item {
            Value::Int(i) => {
                whole = whole.checked_add(*i).ok_or_else(|| f.error("the sum is too large"))?;
                double += *i as f64;
            }
            Value::Float(d) => {
                is_whole = false;
                double += *d;
            }
            _ => return Err(f.error("takes a list of numbers")),
        }
    }
    Ok(if is_whole { Value::Int(whole) } else { Value::Float(double) })
}

/// `money('411.20')`: an exact amount as a whole number of ten-thousandths, which adds and compares without rounding.
fn money(f: &FunctionContext, value: &Value) -> Result<i64> {
    let text = match value {
        Value::String(text) => text.to_string(),
        Value::Int(i) => i.to_string(),
        Value::UInt(u) => u.to_string(),
        Value::Float(d) => d.to_string(),
        _ => return Err(f.error("takes a number or a string of digits")),
    };
    parse_money(&text).ok_or_else(|| f.error(format!("`{text}` is not an amount")))
}

fn parse_money(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > 4 {
        return None;
    }
    let units: i64 = format!("{whole}{fraction:0<4}").parse().ok()?;
    Some(if negative { -units } else { units })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Evaluator, Program, Scope};
    use jiff::tz::Offset;
    use serde_json::{Value as Json, json};

    fn eval(source: &str, body: Json) -> std::result::Result<Json, String> {
        let ambient = Arc::new(Ambient::new(7, "test", Offset::constant(8)));
        ambient.set_now("2026-03-01T20:00:00Z".parse().unwrap());
        let (vars, env) = (json!({"n": 5}), json!({}));
        let body = Arc::new(body);
        let scope = Scope { body: Some(&body), ..Scope::before(&vars, &env, &ambient) };
        Program::compile(source).unwrap().value(&Evaluator::new(scope))
    }

    #[test]
    fn functions_do_what_the_manual_says() {
        let body = json!({"a": {"b": 1}, "list": [{"id": 1}, {"id": 2}]});
        for (source, expected) in [
            ("get(body.a, 'b', 7)", json!(1)),
            (
                "get({'b': 2}, 'b', 7) == 2 && get(get(body, 'a', {}), 'b', 0) == 1 && get(body.list, 'b', 3) == 3",
                json!(true),
            ),
            ("'aB9'.matches('^[a-z]+B') && matches('b', '[^a]') && !'x'.matches('[^x]')", json!(true)),
            ("get(body.a, 'c', 'x')", json!("x")),
            ("jsonpath('$..id')", json!([1, 2])),
            ("size(digits(8))", json!(8)),
            ("date('%Y%m%d')", json!("20260302")),
            ("date('%Y-%m-%d', 30)", json!("2026-04-01")),
            ("is_date('20260229', '%Y%m%d')", json!(false)),
            ("is_date('20260228', '%Y%m%d')", json!(true)),
            ("is_date('20260228235959', '%Y%m%d%H%M%S')", json!(true)),
            ("is_date('2026022823595', '%Y%m%d%H%M%S')", json!(false)),
            ("now()", json!(1772395200)),
            ("md5('abc')", json!("900150983cd24fb0d6963f7d28e17f72")),
            ("money('411.20') == money('400.1') + money('11.10')", json!(true)),
            ("money(411.2)", json!(4112000)),
            ("body.a.b == 1 && body.list[1].id == 2", json!(true)),
            ("vars.n + 1.0", json!(6)),
            ("days('2016-07-25 00:00:00', '2016-08-05 23:59:59', '%Y-%m-%d %H:%M:%S')", json!(11)),
            ("days('2016-03-01', '2016-02-28', '%Y-%m-%d')", json!(-2)),
            ("epoch('2026-03-02 04:00:00', '%Y-%m-%d %H:%M:%S') == now()", json!(true)),
            ("sum([411.2, 0.3].map(x, money(x)))", json!(4115000)),
            ("sum(body.list.map(i, i.id)) == 3.0", json!(true)),
            ("sum([])", json!(0)),
            (
                "body.list.map(i, i.id).reverse() == [2.0, 1.0] && [2, 1, 1].sort().distinct() == [1, 2]",
                json!(true),
            ),
            ("lower(trim(' AB '))", json!("ab")),
            ("body.a == {'b': 1.0} && {'b': 1.0} == body.a", json!(true)),
            ("body.list == [{'id': 1.0}, {'id': 2.0}]", json!(true)),
            ("'b' in body.a && !('c' in body.a)", json!(true)),
            ("body.list.map(i, i.id)", json!([1, 2])),
            ("body.list.filter(i, i.id > 1.0)[0].id", json!(2)),
            ("(body.list + [{'id': 3.0}])[2].id", json!(3)),
            ("size(body) == 2 && size(body.list) == 2 && body.list.size() == 2", json!(true)),
            ("body.a.all(k, k == 'b') && has(body.a.b) && !has(body.a.c)", json!(true)),
            ("type(body.a) == type({}) && type(body.list) == type([])", json!(true)),
            ("body.list[1.0].id == body['list'][1]['id']", json!(true)),
            ("body.a", json!({"b": 1})),
        ] {
            assert_eq!(eval(source, body.clone()), Ok(expected), "{source}");
        }
    }

    #[test]
    fn errors_say_what_is_missing() {
        assert_eq!(eval("body.x == 1", json!({"a": 1})), Err("there is no `x`".into()));
        assert_eq!(eval("body.list[2]", json!({"list": [1]})), Err("the list is shorter than that".into()));
        assert_eq!(eval("body.list[-1]", json!({"list": [1]})), Err("the list is shorter than that".into()));
        assert_eq!(eval("xpath('//a')", json!({})), Err("`xpath`: the answer is not XML".into()));
        assert_eq!(
            eval("days('2016-02-30', '2016-03-01', '%Y-%m-%d')", json!({})),
            Err("`days`: `2016-02-30` is not a date like `%Y-%m-%d`".into())
        );
        assert_eq!(
            eval("body.a.matches('1')", json!({"a": 1})),
            Err("`matches` does not work on (double, string)".into())
        );
        assert_eq!(eval("sum(['1'])", json!({})), Err("`sum`: takes a list of numbers".into()));
        assert_eq!(eval("money('1,5')", json!({})), Err("`money`: `1,5` is not an amount".into()));
    }
}
