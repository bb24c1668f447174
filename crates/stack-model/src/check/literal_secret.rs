//! Secrets that somebody typed as text, where the environment takes none.

use super::{Faults, Subject};
use crate::rule;

/// How variables end that hold a secret and nothing else.
const HOLDERS: [&str; 10] = [
    "PASSWORD",
    "PASSWD",
    "SECRET",
    "SECRET_KEY",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "ACCESS_KEY",
    "MASTER_KEY",
    "PRIVATE_KEY",
];

pub(super) fn check(subject: &Subject, faults: &mut Faults) {
    let environment = &subject.stack.environment;
    let (Some(name), false) = (&environment.name, environment.secrets.literals) else { return };
    // What a component says of itself is no secret of anybody.
    let Some(said) = subject.stack.services.get(subject.id) else { return };
    let edges = said.uses.iter().flat_map(|relation| &relation.env);
    let steps = said.init.values().flat_map(|step| &step.env);
    for (variable, template) in said.env.iter().chain(edges).chain(steps) {
        let Some(text) = template.as_text().filter(|text| holds_secret(variable) && is_secret(text)) else { continue };
        let message = format!(
            "variable `{variable}` of `{}` has a secret of {} characters in plain text, which {name} refuses",
            subject.name,
            text.chars().count()
        );
        let key = variable.to_ascii_lowercase().replace('_', "-");
        let secret = subject.id.name();
        let help = format!(
            "write `{variable}: <secret.{secret}.{key}>`, and `secrets: {{{secret}: [{key}]}}` at the top of the stack"
        );
        faults.add(&rule::LITERAL_SECRET, &template.at, message, Some(help));
    }
}

fn holds_secret(variable: &str) -> bool {
    let variable = variable.to_ascii_uppercase();
    HOLDERS.iter().filter_map(|holder| variable.strip_suffix(holder)).any(|rest| rest.is_empty() || rest.ends_with('_'))
}

/// Not a number, not a word that switches something, not the path of a file that holds it, nothing that Compose would fill in.
fn is_secret(text: &str) -> bool {
    let switches = ["true", "false", "none", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
    !(text.is_empty() || switches || text.starts_with('/') || text.starts_with("${") || text.parse::<f64>().is_ok())
}
