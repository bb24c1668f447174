//! Hosts that somebody typed as text: no prefix, suffix or namespace reaches them.

use super::{Faults, Subject};
use crate::address::Address;
use crate::{Piece, Port, Service, ServiceId, Template, rule};

/// How variables end that hold a host and nothing else.
const HOLDERS: [&str; 6] = ["HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS", "ENDPOINT"];

pub(super) fn check(subject: &Subject, faults: &mut Faults) {
    let service = subject.service;
    for (name, template) in service.variables() {
        let text = plain(template);
        let found = in_urls(&text, subject).or_else(|| alone(name, &text, subject));
        report(&format!("variable `{name}`"), template, found, subject, faults);
    }
    for template in service.command.iter().chain(&service.args).flatten() {
        report("the command", template, in_urls(&plain(template), subject), subject, faults);
    }
}

fn report(what: &str, template: &Template, found: Option<&ServiceId>, subject: &Subject, faults: &mut Faults) {
    let Some(id) = found else { return };
    let host = id.name();
    let message = format!(
        "{what} of `{}` has the host of `{id}` as text, which no prefix and no namespace reaches",
        subject.name
    );
    let help =
        format!("write `<{host}.host>` for the host, or `<{host}.url>` for the URL; `uses: [{host}]` makes the edge");
    faults.add(&rule::LITERAL_HOST, &template.at, message, Some(help));
}

/// The text, with a letter for each reference: what a reference brings is no text of the author's.
fn plain(template: &Template) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Reference(_) => "X".to_owned(),
    };
    template.pieces().iter().map(text).collect()
}

/// A service of the stack that is the host of a URL in the text.
fn in_urls<'a>(text: &str, subject: &Subject<'a>) -> Option<&'a ServiceId> {
    text.split("://").skip(1).find_map(|rest| {
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | ',' | ';');
        named(Address::of(rest.split(ends).next()?).host, subject).map(|(id, _)| id)
    })
}

/// A service that is the whole value of a variable that holds a host, or `HOST:PORT` with a port that it has.
fn alone<'a>(variable: &str, text: &str, subject: &Subject<'a>) -> Option<&'a ServiceId> {
    if let Some((host, port)) = text.split_once(':') {
        let (id, service) = named(host, subject)?;
        let port: u16 = port.parse().ok()?;
        let has = |known: &Port| known.container == port || known.service == port;
        return service.ports.values().any(has).then_some(id);
    }
    let last = variable.rsplit(['_', '.', '-']).next().unwrap_or(variable).to_ascii_uppercase();
    HOLDERS.contains(&last.as_str()).then(|| named(text, subject).map(|(id, _)| id)).flatten()
}

fn named<'a>(host: &str, subject: &Subject<'a>) -> Option<(&'a ServiceId, &'a Service)> {
    let found = subject.services.iter().find(|(id, _)| id.name() == host && *id != subject.id);
    found.map(|(id, service)| (id, service.as_ref()))
}
