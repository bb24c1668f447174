//! Variables of Compose and of shells, which nothing fills in.

use super::{Faults, Subject};
use crate::rule;

pub(super) fn check(subject: &Subject, faults: &mut Faults) {
    let service = subject.service;
    let edges = service.uses.iter().flat_map(|relation| &relation.env);
    let steps = service.init.values().flat_map(|step| &step.env);
    for (variable, template) in service.env.iter().chain(edges).chain(steps) {
        let Some((text, name)) = template.as_text().and_then(|text| Some((text, substituted(text)?))) else { continue };
        let value = name.to_ascii_lowercase().replace('_', "-");
        let message = format!("variable `{variable}` of `{}` is `{text}`, which nothing fills in", subject.name);
        let help = format!(
            "write `<value.{value}>`, and `values: {{{value}: {{default: VALUE}}}}` at the top of the stack; for a secret, `<secret.NAME.{value}>`"
        );
        faults.add(&rule::UNFILLED_VARIABLE, &template.at, message, Some(help));
    }
}

/// The variable in `${NAME}`, `${NAME:-default}` and their kind, where that is the whole text.
fn substituted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    let end = inner.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let operator = rest.is_empty() || [":-", ":?", ":+", "-", "?", "+"].iter().any(|start| rest.starts_with(start));
    (operator && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')).then_some(name)
}
