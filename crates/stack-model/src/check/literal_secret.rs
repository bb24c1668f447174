//! Secrets that somebody typed as text, where the environment takes none.

use super::{Faults, Subject};
use crate::{ExternalKind, Network, Piece, Stack, Template, rule};

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
    for (variable, template) in said.variables() {
        if has_password(template) {
            let message =
                format!("the URL in variable `{variable}` of `{}` has a password, which {name} refuses", subject.name);
            let help = "declare it under `secrets` at the top of the stack, and write `<secret.NAME.KEY>` in its place";
            faults.add(&rule::LITERAL_SECRET, &template.at, message, Some(help.to_owned()));
        }
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

/// Externals have addresses; a password in one would stand in every variable and policy that is made of it.
pub(super) fn externals(stack: &Stack, faults: &mut Faults) {
    let (Some(environment), false) = (&stack.environment.name, stack.environment.secrets.literals) else { return };
    for (name, external) in &stack.externals {
        let (ExternalKind::Url(url) | ExternalKind::Network(Network { url: Some(url), .. })) = &external.kind else {
            continue;
        };
        if has_password(url) {
            let message = format!("the URL of `{name}` has a password, which {environment} refuses");
            let help = "take it out of the URL, and pass `<secret.NAME.KEY>` in a variable of the edge";
            faults.add(&rule::LITERAL_SECRET, url.at.or(&external.at), message, Some(help.to_owned()));
        }
    }
}

/// Whether a URL has a password that somebody typed; what a reference brings is nobody's text.
fn has_password(template: &Template) -> bool {
    let text = template.pieces().iter().map(|piece| match piece {
        Piece::Text(text) => text.as_str(),
        Piece::Reference(_) => "",
    });
    let text: String = text.collect();
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
        user.is_some_and(|(_, password)| !password.is_empty() && !password.starts_with('$'))
    })
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
