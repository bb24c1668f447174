use crate::{SecretKeyRef, ServiceId};

/// A value of which every reference is decided; hosts and secrets stay references until the objects are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composed(pub Vec<Part>);

/// A part of a [`Composed`] value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text.
    Text(String),
    /// The host name of a service.
    Host(ServiceId),
    /// The domain under which the pods of a service have names.
    PodDomain(ServiceId),
    /// A key of a Secret, and whether pods start without it.
    Secret(SecretKeyRef, bool),
}

impl Composed {
    /// The text, where it holds nothing else.
    pub fn as_text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The hosts in it.
    pub fn hosts(&self) -> impl Iterator<Item = &ServiceId> {
        self.0.iter().filter_map(|part| match part {
            Part::Host(host) => Some(host),
            _ => None,
        })
    }

    /// The services in it whose pods are named.
    pub fn pod_hosts(&self) -> impl Iterator<Item = &ServiceId> {
        self.0.iter().filter_map(|part| match part {
            Part::PodDomain(service) => Some(service),
            _ => None,
        })
    }

    /// The secrets in it.
    pub fn secrets(&self) -> impl Iterator<Item = (&SecretKeyRef, bool)> {
        self.0.iter().filter_map(|part| match part {
            Part::Secret(secret, optional) => Some((secret, *optional)),
            _ => None,
        })
    }

    pub(crate) fn append(&mut self, other: Self) {
        for part in other.0 {
            self.push(part);
        }
    }

    fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (Some(Part::Text(last)), Part::Text(text)) => last.push_str(&text),
            (_, Part::Text(text)) if text.is_empty() => {}
            (_, part) => self.0.push(part),
        }
    }
}
