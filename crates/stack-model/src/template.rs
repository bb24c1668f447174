use std::fmt;

use stack_source::Locus;

/// A text with typed references in it: `http://<host>:<port>/v1`.
///
/// A reference stands in angle brackets and stays one until lowering, so no rename can break it. `<<` writes a plain `<`.
/// What a reference may name depends on where the template stands; `check` says so.
///
/// ```
/// use stack_model::{Piece, Template};
///
/// let url = Template::parse("redis://<host>:<redis.port>/0");
/// assert_eq!(url.references().count(), 2);
/// assert_eq!(url.to_string(), "redis://<host>:<redis.port>/0");
/// assert_eq!(Template::parse("a <<b>"), Template::text("a <b>"));
/// assert!(matches!(&url.pieces()[0], Piece::Text(text) if text == "redis://"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
    /// Where it was written.
    pub at: Locus,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands as it is.
    Text(String),
    /// Something of the model.
    Reference(Reference),
}

/// The dotted name of something in the model: `host`, `http.port`, `secret.litellm-secret.master-key`, `self.http.port`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    path: Vec<String>,
}

impl Reference {
    /// The reference with these parts.
    pub fn new<S: Into<String>>(path: impl IntoIterator<Item = S>) -> Self {
        Self { path: path.into_iter().map(Into::into).collect() }
    }

    /// Its parts.
    pub fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.path.join("."))
    }
}

impl Template {
    /// A text without references, whatever it holds.
    #[track_caller]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let pieces = if text.is_empty() { Vec::new() } else { vec![Piece::Text(text)] };
        Self { pieces, at: Locus::caller() }
    }

    /// A single reference.
    #[track_caller]
    pub fn reference(reference: Reference) -> Self {
        Self { pieces: vec![Piece::Reference(reference)], at: Locus::caller() }
    }

    /// A text in which `<…>` are references.
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        Self { pieces: pieces(text), at: Locus::caller() }
    }

    /// The same template, written elsewhere.
    #[must_use]
    pub fn at(mut self, at: Locus) -> Self {
        self.at = at;
        self
    }

    /// Its parts, in order; texts beside each other are one.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The references in it.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Reference(reference) => Some(reference),
            Piece::Text(_) => None,
        })
    }

    /// The text, where there is no reference in it.
    pub fn as_text(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The template with these references as texts of it, never read again.
    #[must_use]
    pub(crate) fn filled(self, text: impl Fn(&Reference) -> Option<String>) -> Self {
        let mut filled = Self { pieces: Vec::with_capacity(self.pieces.len()), at: self.at };
        for piece in self.pieces {
            match piece {
                Piece::Text(plain) => filled = filled.join(&plain),
                Piece::Reference(reference) => match text(&reference) {
                    Some(text) => filled = filled.join(&text),
                    None => filled.pieces.push(Piece::Reference(reference)),
                },
            }
        }
        filled
    }

    /// Its text; references as they are written.
    pub(crate) fn plain(&self) -> String {
        let texts = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Reference(reference) => reference.to_string(),
        });
        texts.collect()
    }

    /// The template followed by a text: `Url.join("/v1")`.
    #[must_use]
    pub fn join(mut self, text: &str) -> Self {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
        self
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        plain.push_str(&rest[..open]);
        rest = &rest[open..];
        if let Some(after) = rest.strip_prefix("<<") {
            plain.push('<');
            rest = after;
        } else if let Some((reference, after)) = leading_reference(rest) {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Reference(reference));
            rest = after;
        } else {
            plain.push('<');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

fn leading_reference(text: &str) -> Option<(Reference, &str)> {
    let (name, rest) = text.strip_prefix('<')?.split_once('>')?;
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    name.split('.').all(is_part).then(|| (Reference::new(name.split('.')), rest))
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => write!(f, "{}", text.replace('<', "<<"))?,
                Piece::Reference(reference) => write!(f, "{reference}")?,
            }
        }
        Ok(())
    }
}

/// What an edge knows of its provider, for `Relation::env`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// The name under which the consumer finds it.
    Host,
    /// The number of the port.
    Port,
    /// Scheme, credentials where it has some, host and port.
    Url,
    /// The user to sign in as.
    User,
    /// That user's password; a key of a Secret.
    Password,
    /// The database.
    Database,
    /// What else the provider offers, by its name: `Named("master-key")`.
    Named(&'static str),
}

impl Attribute {
    /// The attribute's name in YAML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Port => "port",
            Self::Url => "url",
            Self::User => "user",
            Self::Password => "password",
            Self::Database => "database",
            Self::Named(name) => name,
        }
    }

    /// This attribute of one of several ports: `Port.of("http")` is `<http.port>`.
    #[track_caller]
    pub fn of(self, port: &str) -> Template {
        Template::reference(Reference::new([port, self.name()]))
    }

    /// The attribute followed by a text: `Url.join("/v1")`.
    #[track_caller]
    pub fn join(self, text: &str) -> Template {
        Template::from(self).join(text)
    }
}

impl From<Attribute> for Template {
    #[track_caller]
    fn from(attribute: Attribute) -> Self {
        Self::reference(Reference::new([attribute.name()]))
    }
}

impl From<Reference> for Template {
    #[track_caller]
    fn from(reference: Reference) -> Self {
        Self::reference(reference)
    }
}

impl From<&str> for Template {
    #[track_caller]
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Template {
    #[track_caller]
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<i32> for Template {
    #[track_caller]
    fn from(number: i32) -> Self {
        Self::text(number.to_string())
    }
}

impl From<bool> for Template {
    #[track_caller]
    fn from(value: bool) -> Self {
        Self::text(value.to_string())
    }
}
