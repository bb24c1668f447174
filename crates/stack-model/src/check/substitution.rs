//! Variables of Compose and of shells, which nothing fills in.

use stack_source::Locus;

use super::{Faults, Subject};
use crate::{Template, rule};

pub(super) fn check(subject: &Subject, faults: &mut Faults) {
    for (variable, template) in subject.service.variables() {
        let Some(text) = template.as_text() else { continue };
        let message = format!("variable `{variable}` of `{}` is `{text}`, which nothing fills in", subject.name);
        // In a file, whoever wrote `<<` means the text.
        if matches!(template.at, Locus::Rust(_)) && Template::parse(text).references().next().is_some() {
            let help = format!("write `Template::parse({text:?})`, whose references are filled in");
            faults.add(&rule::UNFILLED_VARIABLE, &template.at, message, Some(help));
            continue;
        }
        let Some(name) = substituted(text) else { continue };
        let value = name.to_ascii_lowercase().replace('_', "-");
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
