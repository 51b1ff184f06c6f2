//! What is changed in an expression after it was read, so that it is evaluated faster and means the same.

use super::functions::MATCHES;
use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr};

/// Calls of `matches` become calls of [`MATCHES`]: CEL's own compiles its pattern again for every value.
pub fn cached_patterns(node: &mut IdedExpr) {
    match &mut node.expr {
        Expr::Call(call) => {
            let arguments = call.args.len() + usize::from(call.target.is_some());
            if call.func_name == "matches" && arguments == 2 {
                call.func_name = MATCHES.to_owned();
            }
            call.target.iter_mut().for_each(|target| cached_patterns(target));
            call.args.iter_mut().for_each(cached_patterns);
        }
        Expr::Select(select) => cached_patterns(&mut select.operand),
        Expr::Comprehension(c) => {
            cached_patterns(&mut c.iter_range);
            for part in [&mut c.accu_init, &mut c.loop_cond, &mut c.loop_step, &mut c.result] {
                cached_patterns(part);
            }
        }
        Expr::List(list) => list.elements.iter_mut().for_each(cached_patterns),
        Expr::Map(map) => map.entries.iter_mut().for_each(|entry| in_entry(&mut entry.expr)),
        Expr::Struct(s) => s.entries.iter_mut().for_each(|entry| in_entry(&mut entry.expr)),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}

fn in_entry(entry: &mut EntryExpr) {
    match entry {
        EntryExpr::StructField(field) => cached_patterns(&mut field.value),
        EntryExpr::MapEntry(entry) => {
            cached_patterns(&mut entry.key);
            cached_patterns(&mut entry.value);
        }
    }
}
