//! `images`.

use std::borrow::Cow;

use regex::Regex;
use stack_krm::yaml::{Node, Tag, Value};
use stack_source::{Diagnostic, Locus};

use super::each::{Change, Changes};
use super::specs::{ByType, change};
use crate::error::Result;
use crate::expression::expression;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::Spec;
use crate::item::Item;
use crate::kustomization::{Image, Step};
use crate::kyaml::{set_text, text_of};
use crate::layer::{Layer, Session, dead_end};
use crate::pool::Pool;
use crate::rules::{INVALID_SELECTOR, UNEXPECTED};

/// An image and what it becomes.
pub(crate) struct Rewrite<'a> {
    image: &'a Image,
    name: Name<'a>,
    /// Where it stands.
    at: Locus,
    hits: usize,
    /// The first image that it has hit and that is called otherwise.
    stray: Option<String>,
    /// Whether its suffix stands twice behind some tag.
    is_doubled: bool,
    /// Whether something stands behind the name in an image that it has made.
    lengthens: bool,
}

/// The name of an image as kustomize takes it: as a regular expression.
enum Name<'a> {
    /// Nearly all names: nothing in it has a meaning but the dot, which stands for any character. That needs no expression, whose
    /// making takes longer than all else that is done with it.
    Plain(&'a str),
    /// Any other, with the tag and the digest behind it.
    Pattern(Regex),
}

impl<'a> Name<'a> {
    fn new(name: &'a str) -> std::result::Result<Self, regex::Error> {
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b':' | b'.')) {
            return Ok(Self::Plain(name));
        }
        expression(&format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$")).map(Self::Pattern)
    }

    /// Whether an image is hit for want of a backslash only: who writes any other expression means one.
    fn is_of_another(&self, image: &str) -> bool {
        matches!(self, Self::Plain(name) if !image.starts_with(name))
    }

    fn is_of(&self, image: &str) -> bool {
        match self {
            Self::Plain(name) => behind(name, image).is_some_and(is_version),
            Self::Pattern(pattern) => pattern.is_match(image),
        }
    }
}

/// What follows a name in an image.
fn behind<'i>(name: &str, image: &'i str) -> Option<&'i str> {
    let mut rest = image.chars();
    let agrees = |wanted: char, is: char| wanted == is || (wanted == '.' && is != '\n');
    name.chars().all(|wanted| rest.next().is_some_and(|is| agrees(wanted, is))).then_some(rest.as_str())
}

/// Whether a text is nothing but a tag, a digest, or both.
fn is_version(text: &str) -> bool {
    let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '{' | '}' | '-');
    let digest = text.strip_prefix(':').map_or(text, |tag| tag.trim_start_matches(is_part));
    digest.is_empty() || digest.strip_prefix("@sha256:").is_some_and(|digest| digest.chars().all(is_part))
}

pub(crate) fn changes<'a>(layer: &'a Layer<'_>) -> Result<Changes<'a>> {
    let mut rewrites = Vec::new();
    for (field, images) in fields(layer) {
        for (index, image) in images.iter().enumerate() {
            rewrites.push(Rewrite::new(image, layer.file.entry(field, index))?);
        }
    }
    if rewrites.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Box::new(Images { layer: Some(layer), ..Images::new(rewrites, &layer.configuration.images) })])
}

fn fields<'a>(layer: &'a Layer<'_>) -> [(&'static str, &'a [Image]); 2] {
    let kustomization = layer.kustomization();
    [("images", &kustomization.images), ("imageTags", &kustomization.image_tags)]
}

/// Says which entries set no tag although they have the field for it.
fn warn_of_empty_tags(layer: &Layer<'_>, session: &mut Session) {
    for (field, images) in fields(layer) {
        for (index, _) in images.iter().enumerate().filter(|(_, image)| keeps_tag(image)) {
            let steps = [Step::Key(field), Step::Index(index), Step::Key("newTag")];
            if layer.file.node(&steps).is_some() {
                let help = "take it out, or write the tag that the image is to have";
                session.no_effect("an empty `newTag` leaves the tag as it is", &layer.file.at(&steps), help);
            }
        }
    }
}

/// Whether it changes the name of an image and no more.
fn keeps_tag(image: &Image) -> bool {
    !image.new_name.is_empty() && image.new_tag.is_empty() && image.digest.is_empty() && image.tag_suffix.is_empty()
}

/// Rewrites images wherever containers are, and where the specs lead.
pub(crate) struct Images<'a> {
    rewrites: Vec<Rewrite<'a>>,
    specs: ByType<'a>,
    /// Whether some entry makes of what it has made something else.
    is_cumulative: bool,
    /// A spec may lead to the name itself.
    renames: bool,
    layer: Option<&'a Layer<'a>>,
}

impl<'a> Images<'a> {
    pub(crate) fn new(rewrites: Vec<Rewrite<'a>>, specs: impl Into<Cow<'a, [Spec]>>) -> Self {
        let is_cumulative = rewrites.iter().any(Rewrite::is_cumulative);
        let specs = specs.into();
        let renames = specs.iter().any(|spec| spec.path.starts_with("metadata/name"));
        Self { rewrites, specs: ByType::new(specs), is_cumulative, renames, layer: None }
    }
}

impl Change for Images<'_> {
    fn runs(&self) -> usize {
        self.rewrites.len()
    }

    fn renames(&self) -> bool {
        self.renames
    }

    fn change(&mut self, item: &mut Item, _: &mut Session) -> Result<()> {
        let Self { rewrites, specs, is_cumulative, renames, .. } = self;
        if item.id.gvk.kind == "CustomResourceDefinition" {
            return Ok(());
        }
        let specs = specs.of(&item.id.gvk);
        // An entry acts on what the entries before it have made, so one walk may apply them all. But kustomize goes to the
        // containers of pods twice, which shows where a suffix is appended to the tag, or a tag to a name that has one.
        if !*is_cumulative && is_plain(specs) {
            containers(item, rewrites)?;
            for spec in specs {
                change(item, spec, Make::Nothing, |_| Ok(()))?;
            }
        } else {
            for rewrite in rewrites {
                containers(item, std::slice::from_mut(rewrite))?;
                let hits = rewrite.hits;
                for spec in specs {
                    // Here, and not in containers, a null is no image.
                    change(
                        item,
                        spec,
                        Make::Nothing,
                        |node| if node.is_null() { Ok(()) } else { rewrite.apply(node) },
                    )?;
                }
                if *renames {
                    item.refresh();
                }
                rewrite.is_doubled |= rewrite.hits > hits && !rewrite.image.tag_suffix.is_empty();
            }
        }
        Ok(())
    }

    fn end(&self, _: &Pool, session: &mut Session) {
        for (index, rewrite) in self.rewrites.iter().enumerate() {
            let renames =
                |other: &Rewrite<'_>| other.image.name == rewrite.image.name && !other.image.new_name.is_empty();
            if rewrite.hits == 0 && !rewrite.sets_nothing() && self.rewrites[..index].iter().any(renames) {
                let message = format!(
                    "no container has the image `{}` any more: an entry before this one renames it",
                    rewrite.image.name
                );
                session.no_effect(message, &rewrite.at, "write all that becomes of the image into one entry");
            } else {
                rewrite.warn(session);
            }
        }
        if let Some(layer) = self.layer {
            warn_of_empty_tags(layer, session);
        }
    }
}

/// Whether all specs lead to images of containers, which are found without them.
fn is_plain(specs: &[Spec]) -> bool {
    specs
        .iter()
        .all(|spec| spec.path.ends_with("/containers[]/image") || spec.path.ends_with("/initContainers[]/image"))
}

fn containers(item: &mut Item, rewrites: &mut [Rewrite<'_>]) -> Result<()> {
    walk(&mut item.node, rewrites).map_err(|error| dead_end(&error, "image", item))
}

/// Rewrites the images of every list called `containers` or `initContainers`, however deep, inner ones first.
fn walk(node: &mut Node, rewrites: &mut [Rewrite<'_>]) -> Result<(), DeadEnd> {
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().try_for_each(|node| walk(node, rewrites)),
        Value::Mapping(map) => map.entries.iter_mut().try_for_each(|entry| {
            walk(&mut entry.value, rewrites)?;
            match entry.value.as_sequence_mut() {
                Some(list) if matches!(entry.key.as_str(), "containers" | "initContainers") => {
                    list.iter_mut().try_for_each(|container| of_container(container, rewrites))
                }
                _ => Ok(()),
            }
        }),
        Value::Scalar(_) => Ok(()),
    }
}

fn of_container(container: &mut Node, rewrites: &mut [Rewrite<'_>]) -> Result<(), DeadEnd> {
    match &mut container.value {
        Value::Mapping(map) => match map.get_mut("image") {
            Some(image) => rewrites.iter_mut().try_for_each(|rewrite| rewrite.apply(image)),
            None => Ok(()),
        },
        Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
        _ => Err(DeadEnd::because(container, format!("expected a container, found {}", container.kind()))),
    }
}

impl<'a> Rewrite<'a> {
    pub(crate) fn new(image: &'a Image, at: Locus) -> Result<Self> {
        let name = Name::new(&image.name).map_err(|_| {
            let message =
                format!("`{}` is no regular expression, and kustomize takes names of images for such", image.name);
            Diagnostic::new(&INVALID_SELECTOR, message).at(at.clone())
        })?;
        Ok(Self { image, name, at, hits: 0, stray: None, is_doubled: false, lengthens: false })
    }

    /// Says where it does something else than its words say.
    fn warn(&self, session: &mut Session) {
        let at = &self.at;
        let name = &self.image.name;
        match &self.name {
            _ if self.sets_nothing() => {
                let message = format!("the entry for `{name}` changes nothing: it sets no part of the image");
                session.no_effect(message, at, "add a `newName`, `newTag` or `digest`, or take the entry out");
            }
            _ if self.hits > 0 => {}
            Name::Plain(_) => {
                let message = format!("no container has the image `{name}`");
                session.no_effect(message, at, "the name is the image without its tag, with its registry");
            }
            Name::Pattern(_) => {
                let message = format!("no container has an image that the pattern `{name}` matches");
                let help =
                    "the name is a regular expression to kustomize, for the image without its tag, with its registry";
                // Who has written a backslash knows.
                let edit = if name.contains('\\') {
                    String::new()
                } else {
                    format!("; in it `.*` is any text, and `{}` the image of this very name", escaped(name))
                };
                session.no_effect(message, at, &format!("{help}{edit}"));
            }
        }
        let Image { new_name, new_tag, .. } = self.image;
        let (bare_name, tag, digest) = split(new_name);
        if self.lengthens && !(tag.is_empty() && digest.is_empty()) {
            let message = "`newName` has a tag or digest in it, and kustomize puts those of the image behind it too";
            let help = match (tag, digest) {
                (tag, "") => format!("write `newName: {bare_name}` and `newTag: \"{tag}\"`"),
                (_, digest) => format!("write `newName: {bare_name}` and `digest: {digest}`"),
            };
            session.warn(&UNEXPECTED, message, at, &help);
        }
        if self.hits > 0 && new_tag.contains(char::is_whitespace) {
            let message = format!("`newTag` is `{new_tag}`, and no tag has a space in it");
            session.warn(&UNEXPECTED, message, at, "take the space out");
        }
        if let Some(stray) = &self.stray {
            let message = format!("`{name}` means the image `{stray}` too: in a pattern, `.` stands for any character");
            session.warn(
                &UNEXPECTED,
                message,
                at,
                &format!("write `{}`, in no quotes or in single ones", escaped(name)),
            );
        }
        if self.is_doubled {
            let message = format!("kustomize appends `{}` twice in pods", self.image.tag_suffix);
            session.warn(&UNEXPECTED, message, at, "write the whole tag with `newTag`");
        }
    }

    fn is_cumulative(&self) -> bool {
        let (_, tag, digest) = split(&self.image.new_name);
        [&self.image.tag_suffix, tag, digest].iter().any(|part| !part.is_empty())
    }

    fn sets_nothing(&self) -> bool {
        let Image { new_name, new_tag, digest, tag_suffix, .. } = self.image;
        [new_name, new_tag, digest, tag_suffix].iter().all(|part| part.is_empty())
    }

    fn apply(&mut self, node: &mut Node) -> Result<(), DeadEnd> {
        let Value::Scalar(scalar) = &node.value else {
            return Err(DeadEnd::because(node, format!("expected the name of an image, found {}", node.kind())));
        };
        if !self.name.is_of(&scalar.text) {
            return Ok(());
        }
        self.hits += 1;
        if self.stray.is_none() && self.name.is_of_another(&scalar.text) {
            self.stray = Some(split(&scalar.text).0.to_owned());
        }
        // Kustomize writes it anew, also where it stays the same.
        let renamed = self.renamed(text_of(node));
        self.lengthens |= renamed.len() > self.image.new_name.len();
        set_text(node, renamed);
        Ok(())
    }

    fn renamed(&self, value: &str) -> String {
        let (name, tag, digest) = split(value);
        let Image { new_name, new_tag, digest: new_digest, tag_suffix, .. } = self.image;
        let (tag, digest) = match (new_tag.as_str(), new_digest.as_str()) {
            ("", "") if !tag_suffix.is_empty() => (format!("{tag}{tag_suffix}"), ""),
            ("", "") => (tag.to_owned(), digest),
            ("", new) => (String::new(), new),
            (new, "") => (new.to_owned(), ""),
            (new, new_digest) => (new.to_owned(), new_digest),
        };
        let mut renamed = if new_name.is_empty() { name.to_owned() } else { new_name.clone() };
        for (mark, part) in [(':', tag.as_str()), ('@', digest)] {
            if !part.is_empty() {
                renamed.push(mark);
                renamed.push_str(part);
            }
        }
        renamed
    }
}

/// The expression that matches a text and no other.
fn escaped(text: &str) -> String {
    let mut expression = String::with_capacity(text.len());
    for char in text.chars() {
        if r"\.+*?()|[]{}^$".contains(char) {
            expression.push('\\');
        }
        expression.push(char);
    }
    expression
}

/// Name, tag and digest. A colon before the first slash belongs to the registry.
fn split(image: &str) -> (&str, &str, &str) {
    let start = image.find('/').unwrap_or(0);
    let find = |mark| image[start..].find(mark).map(|place| place + start);
    match (find(':'), find('@')) {
        (None, None) => (image, "", ""),
        (Some(colon), Some(at)) if colon < at => (&image[..colon], &image[colon + 1..at], &image[at + 1..]),
        (_, Some(at)) => (&image[..at], "", &image[at + 1..]),
        (Some(colon), None) => (&image[..colon], &image[colon + 1..], ""),
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::Name;

    #[test]
    fn a_plain_name_means_what_the_expression_means() {
        let names = ["app", "registry.example/app", "a.b", "app:v1", ".", "", "host:5000/a_b-c"];
        let ends = [
            "",
            ":",
            ":v1",
            ":v1.2_{x}-3",
            "@sha256:",
            "@sha256:0a",
            ":v1@sha256:0a",
            ":v1@sha256:0a@",
            ":v 1",
            "@md5:0",
            "x",
            "\n",
        ];
        let images =
            ["app", "registry.example/app", "registry-example/app", "registryé", "aéb", "a\nb", "host:5000/a_b-c", ""];
        for name in names {
            let expression =
                Regex::new(&format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$")).unwrap();
            assert!(matches!(Name::new(name), Ok(Name::Plain(_))));
            for image in images.iter().flat_map(|image| ends.map(|end| format!("{image}{end}"))) {
                assert_eq!(Name::Plain(name).is_of(&image), expression.is_match(&image), "{name:?} {image:?}");
            }
        }
    }
}
