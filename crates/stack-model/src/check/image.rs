use stack_krm::ImageRef;

use super::reference;
use super::{Faults, Subject};
use crate::{PullPolicy, rule};

/// The image of a service, and when a node pulls it.
pub(super) fn plan(subject: &Subject, faults: &mut Faults) -> Option<(ImageRef, PullPolicy)> {
    let environment = &subject.stack.environment;
    let at = &subject.service.at;
    if subject.service.build.is_some() {
        let image = built(subject, faults)?;
        return Some((image, environment.pull.built));
    }
    let Some(template) = &subject.service.image else {
        let help = "write `image: NAME:TAG`, `build: FOLDER`, or a `component`".to_owned();
        faults.add(&rule::MISSING_IMAGE, at, format!("`{}` has no image", subject.name), Some(help));
        return None;
    };
    let at = template.at.or(at);
    let text = reference::text(template, subject, "the image", "write `NAME:TAG`, or `<value.NAME>`", faults)?;
    match text.parse::<ImageRef>() {
        Err(error) => {
            faults.add(&rule::INVALID_IMAGE, at, error.to_string(), None);
            None
        }
        Ok(image) => {
            if environment.images.exact && !image.is_exact() {
                let message = format!("`{image}` may be another image tomorrow");
                let help = "write a tag other than `latest`, or a digest".to_owned();
                faults.add(&rule::INEXACT_IMAGE, at, message, Some(help));
            }
            Some((image, environment.pull.pulled))
        }
    }
}

/// `[registry/]<stack>/<service>[:tag | @digest]`, or `registry/<service>` where the registry's path names the stack already.
fn built(subject: &Subject, faults: &mut Faults) -> Option<ImageRef> {
    let decided = &subject.stack.environment;
    let images = &decided.images;
    let environment = decided.called();
    let at = &subject.service.at;
    // The same for every image that is built, so it is said once.
    let of_all = decided.at.or(&subject.stack.at);
    let name = match &images.registry {
        None => format!("{}/{}", subject.stack.name, subject.id.name()),
        Some(registry) => format!("{}/{}", registry.trim_end_matches('/'), subject.id.name()),
    };
    if images.exact && images.registry.is_none() {
        let message = format!("{environment} does not say from which registry built images are pulled");
        let help = subject.stack.edit("`images: {registry: REGISTRY/PATH}`");
        faults.add(&rule::MISSING_REGISTRY, of_all, message, Some(help));
        return None;
    }
    let is_named = stack_krm::DnsLabel::new(&subject.stack.name).is_ok();
    let version = subject.stack.version.as_ref().map(|version| super::name::tag(version));
    if !is_named || version == Some(None) {
        // The stack's own name or version is at fault, and said to be.
        return None;
    }
    let mut report = |error: stack_krm::InvalidImageRef| {
        faults.add(&rule::INVALID_IMAGE, at, error.to_string(), None);
    };
    let image = name.parse::<ImageRef>().map_err(&mut report).ok()?;
    let tag = images.tag.clone().or_else(|| version.flatten().filter(|_| images.exact));
    if images.exact && tag.as_deref() == Some("latest") && !images.digests.contains_key(subject.name) {
        let message = format!("built images are tagged `latest` in {environment}, and may be others tomorrow");
        let help = subject.stack.edit("`images: {tag: VERSION}`");
        faults.add(&rule::INEXACT_IMAGE, of_all, message, Some(help));
        return None;
    }
    match (images.digests.get(subject.name), tag) {
        (Some(digest), _) => image.with_digest(digest).map_err(report).ok(),
        (None, Some(tag)) => image.with_tag(&tag).map_err(report).ok(),
        (None, None) if images.exact => {
            let message = format!("{environment} does not say which of the built images is meant");
            let help = subject.stack.edit("`images: {tag: VERSION}`, or `version: VERSION` in the stack");
            faults.add(&rule::INEXACT_IMAGE, of_all, message, Some(help));
            None
        }
        (None, None) => Some(image),
    }
}
