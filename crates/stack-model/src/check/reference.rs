//! What a reference in angle brackets means where it stands.

use std::cell::Cell;

use stack_krm::{ConfigKey, DnsSubdomain};
use stack_source::proposal;

use super::provider::Provider;
use super::{Faults, Subject};
use crate::plan::{Composed, Part};
use crate::{Piece, Reference, Secret, SecretKeyRef, Service, ServiceId, Template, Workload, rule};

/// Where a template stands: in a service, and there perhaps on an edge to a provider.
pub(super) struct Scope<'a> {
    subject: &'a Subject<'a>,
    provider: Option<&'a Provider<'a>>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(subject: &'a Subject<'a>) -> Self {
        Self { subject, provider: None }
    }

    pub(super) fn on_edge(subject: &'a Subject<'a>, provider: &'a Provider<'a>) -> Self {
        Self { subject, provider: Some(provider) }
    }
}

/// How many templates of providers may lie around each other.
const DEEPEST: usize = 8;

/// How many parts the templates of providers may bring into one value.
const MOST_PARTS: usize = 10_000;

/// A template of a provider that is being decided, and the ones that lie around it.
struct Around<'a> {
    provider: &'a str,
    name: &'a str,
    outer: Option<&'a Self>,
}

impl<'a> Around<'a> {
    fn chain(outer: Option<&'a Self>) -> impl Iterator<Item = &'a Self> {
        std::iter::successors(outer, |around| around.outer)
    }
}

/// Where a reference is decided: its scope, the templates of providers around it, and how many parts these may still bring.
#[derive(Clone, Copy)]
struct Place<'a> {
    scope: &'a Scope<'a>,
    around: Option<&'a Around<'a>>,
    parts_left: &'a Cell<usize>,
}

/// Decides every reference of a template; what is wrong is reported, and then there is no value.
pub(super) fn compose(template: &Template, scope: &Scope, faults: &mut Faults) -> Option<Composed> {
    let mut composed = Composed::default();
    let mut whole = true;
    let parts_left = Cell::new(MOST_PARTS);
    for decided in decide_all(template, Place { scope, around: None, parts_left: &parts_left }) {
        match decided {
            Ok(parts) => composed.append(parts),
            Err(unknown) => {
                whole = false;
                let at = template.at.or(&scope.subject.service.at);
                faults.add(&rule::UNKNOWN_REFERENCE, at, unknown.message, unknown.help);
            }
        }
    }
    whole.then_some(composed)
}

/// Decides a template of a place in which nothing expands a container's variables: `what` it is, and the edit where it holds more
/// than text.
pub(super) fn text(
    template: &Template,
    subject: &Subject,
    what: &str,
    help: &str,
    faults: &mut Faults,
) -> Option<String> {
    let composed = compose(template, &Scope::of(subject), faults)?;
    let text = composed.as_text().map(str::to_owned);
    if text.is_none() {
        let message = format!("{what} of `{}` names a host or a secret, and nothing expands it there", subject.name);
        let at = template.at.or(&subject.service.at);
        faults.add(&rule::UNEXPANDED_REFERENCE, at, message, Some(help.to_owned()));
    }
    text
}

fn decide_all<'a>(
    template: &'a Template,
    place: Place<'a>,
) -> impl Iterator<Item = Result<Composed, Unknown>> + use<'a> {
    template.pieces().iter().map(move |piece| match piece {
        Piece::Text(text) => Ok(Composed(vec![Part::Text(text.clone())])),
        Piece::Reference(reference) => decide(reference, place),
    })
}

struct Unknown {
    message: String,
    help: Option<String>,
}

fn decide(reference: &Reference, place: Place) -> Result<Composed, Unknown> {
    let path = reference.path();
    let Scope { subject, provider } = *place.scope;
    match path.as_slice() {
        ["self", "image", part] => image_part(reference, subject, part),
        ["self", rest @ ..] => {
            let own = Provider::service(subject.id, subject.service, None);
            attribute(reference, &own, rest, place)
        }
        ["secret", key] => own_secret(reference, subject.id, subject.service, key),
        ["secret", secret, key] => secret_key(reference, subject, secret, key),
        rest => match provider {
            Some(provider) if provider.has(rest) => attribute(reference, provider, rest, place),
            provider => qualified(reference, provider, rest, place),
        },
    }
}

/// `<litellm.host>`: a service that this one uses, by its name.
fn qualified(
    reference: &Reference,
    on_edge: Option<&Provider>,
    path: &[&str],
    place: Place,
) -> Result<Composed, Unknown> {
    let subject = place.scope.subject;
    if let [name, rest @ ..] = path
        && !rest.is_empty()
        && let Ok((id, service)) = subject.id.target(name, subject.services)
    {
        if !subject.service.uses.iter().any(|relation| relation.to.name == *name) {
            let message = format!("{reference} names `{name}`, which `{}` does not use", subject.name);
            return Err(Unknown { message, help: Some(format!("add `{name}` under `uses` of `{}`", subject.name)) });
        }
        return attribute(reference, &Provider::service(id, service, None), rest, place);
    }
    let mut names: Vec<String> = on_edge.map(Provider::names).unwrap_or_default();
    names.extend(["self.host", "self.port"].map(str::to_owned));
    names.extend(subject.service.uses.iter().map(|relation| format!("{}.host", relation.to.name)));
    let help = proposal(&path.join("."), names.iter().map(String::as_str));
    Err(Unknown { message: format!("{reference} names nothing that is known here"), help })
}

fn attribute(reference: &Reference, provider: &Provider, path: &[&str], place: Place) -> Result<Composed, Unknown> {
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
        ("pod-domain", Provider::Service { id, service, .. }) if service.workload() == Workload::StatefulSet => {
            Ok(Composed(vec![Part::PodDomain((*id).clone())]))
        }
        // Without a port it has no Kubernetes Service, and so no host name.
        ("host", Provider::Service { service, .. }) if service.ports.is_empty() => Err(unknown()),
        ("host", Provider::Service { id, .. }) => Ok(Composed(vec![Part::Host((*id).clone())])),
        ("host", Provider::Outside { host, .. }) if !host.is_empty() => text(host.clone()),
        ("port", provider) => text(provider.port_number().ok_or_else(unknown)?.to_string()),
        ("url", Provider::Outside { url, .. }) if !url.is_empty() => text(url.clone()),
        ("image", Provider::Service { service, .. }) if path.len() == 1 && service.build.is_none() => {
            let image = service.image.as_ref().ok_or_else(unknown)?;
            provided(reference, name, image, &provider, place)
        }
        (name, Provider::Service { service, .. }) => match service.provides.get(name) {
            Some(template) => provided(reference, name, template, &provider, place),
            None if name == "url" => {
                let scheme = provider.scheme().ok_or_else(unknown)?;
                let template = Template::parse(&format!("{scheme}://<host>:<port>"));
                provided(reference, name, &template, &provider, place)
            }
            None => Err(unknown()),
        },
        (_, Provider::Outside { .. }) => Err(unknown()),
    }
}

/// A template of the provider: its own names stand in it, and its own Secret.
fn provided(
    reference: &Reference,
    name: &str,
    template: &Template,
    provider: &Provider,
    place: Place,
) -> Result<Composed, Unknown> {
    let owner = provider.name();
    let refuse = |message: String, help: String| Err(Unknown { message, help: Some(help) });
    let Provider::Service { id, service, .. } = provider else {
        return refuse(format!("{reference} names nothing that `{owner}` offers"), "name a service".to_owned());
    };
    let is_this = |around: &Around| around.provider == owner && around.name == name;
    if Around::chain(place.around).any(is_this) {
        let within = Around::chain(place.around).take_while(|around| !is_this(around));
        let mut circle: Vec<String> =
            within.map(|around| format!("`{}` of `{}`", around.name, around.provider)).collect();
        circle.push(format!("`{name}` of `{owner}`"));
        circle.reverse();
        circle.push(format!("`{name}`"));
        let message = format!("`provides` names itself in a circle: {}", circle.join(" → "));
        return refuse(
            message,
            format!("write the text of `{name}` under `provides` of `{owner}` without {reference}"),
        );
    }
    if Around::chain(place.around).count() == DEEPEST {
        let message = format!("{reference} lies in more than {DEEPEST} templates of `provides`, one inside the other");
        return refuse(message, format!("write the text of `{name}` out under `provides` of `{owner}`"));
    }
    let Some(left) = place.parts_left.get().checked_sub(template.pieces().len()) else {
        let message = format!("what `provides` brings in here has more than {MOST_PARTS} parts");
        return refuse(message, format!("let `{name}` under `provides` of `{owner}` name less"));
    };
    place.parts_left.set(left);
    let subject = Subject { id, name: owner, service, ..*place.scope.subject };
    let scope = Scope::on_edge(&subject, provider);
    let around = Around { provider: owner, name, outer: place.around };
    let mut composed = Composed::default();
    for decided in decide_all(template, Place { scope: &scope, around: Some(&around), parts_left: place.parts_left }) {
        composed.append(decided?);
    }
    Ok(composed)
}

/// `<self.image.tag>`: a part of the service's own image.
fn image_part(reference: &Reference, subject: &Subject, part: &str) -> Result<Composed, Unknown> {
    let image = subject.service.image.as_ref().and_then(Template::as_text);
    let image = image.and_then(|image| image.parse::<stack_krm::ImageRef>().ok());
    let tag = image.as_ref().and_then(|image| image.tag()).filter(|_| part == "tag" && subject.service.build.is_none());
    match tag {
        Some(tag) => Ok(Composed(vec![Part::Text(tag.to_owned())])),
        None => Err(Unknown {
            message: format!("{reference} names nothing that the image of `{}` has", subject.name),
            help: Some("`<self.image.tag>` is the tag of an image that says one".to_owned()),
        }),
    }
}

fn own_secret(reference: &Reference, id: &ServiceId, service: &Service, key: &str) -> Result<Composed, Unknown> {
    let known = ConfigKey::new(key).ok().filter(|key| service.secrets.keys.contains_key(key));
    let known = known.map(|key| service.secret_keys.get(key.as_str()).cloned().unwrap_or(key));
    let secret = DnsSubdomain::new(service.secret.as_deref().unwrap_or(id.name())).ok();
    let (Some(key), Some(secret)) = (known, secret) else {
        let help = proposal(key, service.secrets.keys.keys().map(ConfigKey::as_str));
        return Err(Unknown { message: format!("{reference} names no key of the Secret of `{id}`"), help });
    };
    Ok(Composed(vec![Part::Secret(SecretKeyRef { secret, key }, false)]))
}

fn secret_key(reference: &Reference, subject: &Subject, secret: &str, key: &str) -> Result<Composed, Unknown> {
    let known = subject.secrets;
    // A key that another Secret has is that one more likely than a new one of the same name.
    let elsewhere = known.iter().find(|(_, secret)| secret.keys.keys().any(|known| known.as_str() == key));
    let elsewhere = elsewhere.map(|(name, _)| format!("did you mean `<secret.{name}.{key}>`?"));
    let Some((name, Secret { keys })) = known.iter().find(|(name, _)| name.as_str() == secret) else {
        let meant = stack_source::meant(secret, known.keys().map(DnsSubdomain::as_str));
        let help = meant.or(elsewhere);
        let help = help.unwrap_or_else(|| format!("add `secrets: {{{secret}: [{key}]}}` to the stack"));
        let message = format!("{reference} names a Secret that the stack does not have");
        return Err(Unknown { message, help: Some(help) });
    };
    let Some((key, declared)) = keys.iter().find(|(known, _)| known.as_str() == key) else {
        let help = proposal(key, keys.keys().map(ConfigKey::as_str));
        return Err(Unknown { message: format!("{reference} names a key that Secret `{secret}` does not have"), help });
    };
    let secret = SecretKeyRef { secret: name.clone(), key: key.clone() };
    Ok(Composed(vec![Part::Secret(secret, declared.optional)]))
}
