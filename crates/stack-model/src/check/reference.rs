//! What a reference in angle brackets means where it stands.

use stack_krm::{ConfigKey, DnsSubdomain, ServiceName};
use stack_source::Locus;

use super::edge::Provider;
use super::{Faults, Subject, proposal};
use crate::plan::{Composed, Part};
use crate::{Piece, Reference, Secret, SecretKeyRef, Service, Template, rule};

/// Where a template stands: in a service, and there perhaps on an edge to a provider.
pub(super) struct Scope<'a> {
    subject: &'a Subject<'a>,
    provider: Option<&'a Provider<'a>>,
    /// How many templates of providers lie around this one; a `provides` that names itself ends here.
    depth: usize,
}

const DEEPEST: usize = 8;

impl<'a> Scope<'a> {
    pub(super) fn of(subject: &'a Subject<'a>) -> Self {
        Self { subject, provider: None, depth: 0 }
    }

    pub(super) fn on_edge(subject: &'a Subject<'a>, provider: &'a Provider<'a>) -> Self {
        Self { subject, provider: Some(provider), depth: 0 }
    }
}

/// Decides every reference of a template; what is wrong is reported, and then there is no value.
pub(super) fn compose(template: &Template, scope: &Scope, faults: &mut Faults) -> Option<Composed> {
    let mut composed = Composed::default();
    let mut whole = true;
    for piece in template.pieces() {
        match piece {
            Piece::Text(text) => composed.push(Part::Text(text.clone())),
            Piece::Reference(reference) => match decide(reference, scope) {
                Ok(parts) => parts.0.into_iter().for_each(|part| composed.push(part)),
                Err(unknown) => {
                    whole = false;
                    let at =
                        if matches!(template.at, Locus::Derived) { &scope.subject.service.at } else { &template.at };
                    faults.add(&rule::UNKNOWN_REFERENCE, at, unknown.message, unknown.help);
                }
            },
        }
    }
    whole.then_some(composed)
}

struct Unknown {
    message: String,
    help: Option<String>,
}

fn decide(reference: &Reference, scope: &Scope) -> Result<Composed, Unknown> {
    let path = reference.path();
    let subject = scope.subject;
    match path.as_slice() {
        ["self", rest @ ..] => {
            let own = Provider::service(subject.name, subject.service, None);
            attribute(reference, &own, rest, scope)
        }
        ["secret", key] => own_secret(reference, subject.name, subject.service, key),
        ["secret", secret, key] => secret_key(reference, subject, secret, key),
        rest => match scope.provider {
            Some(provider) if provider.has(rest) => attribute(reference, provider, rest, scope),
            provider => qualified(reference, provider, rest, scope),
        },
    }
}

/// `<litellm.host>`: a service that this one uses, by its name.
fn qualified(
    reference: &Reference,
    on_edge: Option<&Provider>,
    path: &[&str],
    scope: &Scope,
) -> Result<Composed, Unknown> {
    let subject = scope.subject;
    if let [name, rest @ ..] = path
        && !rest.is_empty()
        && let Some(service) = subject.services.get(*name)
    {
        if !subject.service.uses.iter().any(|relation| relation.to.name == *name) {
            let message = format!("{reference} names `{name}`, which `{}` does not use", subject.name);
            return Err(Unknown { message, help: Some(format!("add `{name}` under `uses` of `{}`", subject.name)) });
        }
        return attribute(reference, &Provider::service(name, service, None), rest, scope);
    }
    let mut names: Vec<String> = on_edge.map(Provider::names).unwrap_or_default();
    names.extend(["self.host", "self.port"].map(str::to_owned));
    names.extend(subject.service.uses.iter().map(|relation| format!("{}.host", relation.to.name)));
    let help = proposal(&path.join("."), names.iter().map(String::as_str));
    Err(Unknown { message: format!("{reference} names nothing that is known here"), help })
}

fn attribute(reference: &Reference, provider: &Provider, path: &[&str], scope: &Scope) -> Result<Composed, Unknown> {
    let unknown = || {
        let names = provider.names();
        let help = proposal(&path.join("."), names.iter().map(String::as_str));
        Unknown { message: format!("{reference} names nothing that `{}` offers", provider.name()), help }
    };
    let (port, name) = match path {
        [name] => (None, *name),
        [port, name] => (Some(*port), *name),
        _ => return Err(unknown()),
    };
    let provider = provider.at_port(port).ok_or_else(unknown)?;
    let text = |text: String| Ok(Composed(vec![Part::Text(text)]));
    match (name, &provider) {
        ("host", Provider::Service { name, .. }) => {
            Ok(Composed(vec![Part::Host(ServiceName::new(name).map_err(|_| unknown())?)]))
        }
        ("host", Provider::Outside { host, .. }) => text(host.clone()),
        ("port", provider) => text(provider.port_number().ok_or_else(unknown)?.to_string()),
        ("url", Provider::Outside { url, .. }) => text(url.clone()),
        (name, Provider::Service { service, .. }) => match service.provides.get(name) {
            Some(template) => provided(template, &provider, scope).ok_or_else(unknown),
            None if name == "url" => {
                let scheme = provider.scheme().ok_or_else(unknown)?;
                provided(&Template::parse(&format!("{scheme}://<host>:<port>")), &provider, scope).ok_or_else(unknown)
            }
            None => Err(unknown()),
        },
        (_, Provider::Outside { .. }) => Err(unknown()),
    }
}

/// A template of the provider: its own names stand in it, and its own Secret.
fn provided(template: &Template, provider: &Provider, scope: &Scope) -> Option<Composed> {
    let Provider::Service { name, service, .. } = provider else { return None };
    let depth = scope.depth + 1;
    if depth > DEEPEST {
        return None;
    }
    let subject = Subject { name, service, ..*scope.subject };
    let scope = Scope { subject: &subject, provider: Some(provider), depth };
    let mut composed = Composed::default();
    for piece in template.pieces() {
        match piece {
            Piece::Text(text) => composed.push(Part::Text(text.clone())),
            Piece::Reference(reference) => {
                decide(reference, &scope).ok()?.0.into_iter().for_each(|part| composed.push(part));
            }
        }
    }
    Some(composed)
}

fn own_secret(reference: &Reference, name: &str, service: &Service, key: &str) -> Result<Composed, Unknown> {
    let known = ConfigKey::new(key).ok().filter(|key| service.secrets.keys.contains_key(key));
    let secret = DnsSubdomain::new(service.secret.as_deref().unwrap_or(name)).ok();
    let (Some(key), Some(secret)) = (known, secret) else {
        let help = proposal(key, service.secrets.keys.keys().map(ConfigKey::as_str));
        return Err(Unknown { message: format!("{reference} names no key of the Secret of `{name}`"), help });
    };
    Ok(Composed(vec![Part::Secret(SecretKeyRef { secret, key }, false)]))
}

fn secret_key(reference: &Reference, subject: &Subject, secret: &str, key: &str) -> Result<Composed, Unknown> {
    let known = subject.secrets;
    let Some((name, Secret { keys })) = known.iter().find(|(name, _)| name.as_str() == secret) else {
        let help = proposal(secret, known.keys().map(DnsSubdomain::as_str));
        return Err(Unknown { message: format!("{reference} names a Secret that the stack does not have"), help });
    };
    let Some((key, declared)) = keys.iter().find(|(known, _)| known.as_str() == key) else {
        let help = proposal(key, keys.keys().map(ConfigKey::as_str));
        return Err(Unknown { message: format!("{reference} names a key that Secret `{secret}` does not have"), help });
    };
    let secret = SecretKeyRef { secret: name.clone(), key: key.clone() };
    Ok(Composed(vec![Part::Secret(secret, declared.optional)]))
}
