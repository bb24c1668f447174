//! Which entries take an object in twice.

use stack_source::{Diagnostic, Locus, Span};

use crate::error::BuildError;
use crate::layer::Layer;
use crate::rules::DUPLICATE_OBJECT;

/// The error, with the entries by which an object of one file comes in twice; `path` is the second one, at `at`.
pub(super) fn with_entries(error: BuildError, layer: &Layer<'_>, path: &str, at: &Locus) -> BuildError {
    let report = error.into_report();
    let is_one = |twice: &&Diagnostic| {
        *twice.rule == DUPLICATE_OBJECT && twice.related.iter().all(|(first, _)| place(first) == place(&twice.at))
    };
    let Some(twice) = report.iter().find(is_one).cloned() else { return report.into() };
    let kustomization = layer.kustomization();
    let lists = [("resources", &kustomization.resources), ("bases", &kustomization.bases)];
    let mut entries = lists.into_iter().flat_map(|(field, paths)| (0..).zip(paths).map(move |entry| (field, entry)));
    let target = layer.place.folder.join(path).ok();
    let first = entries.find(|(_, (_, other))| *other == path || layer.place.folder.join(other).ok() == target);
    let first = first.map(|(field, (index, _))| layer.file.entry(field, index));
    match first.filter(|first| place(first) != place(at)) {
        Some(first) => Diagnostic::new(&DUPLICATE_OBJECT, format!("{}: `{path}` is listed twice", twice.message))
            .at(at.clone())
            .related(first, "it is listed here already")
            .help("take one of the entries out"),
        None => Diagnostic { related: vec![(at.clone(), "this takes it in once more".to_owned())], ..twice },
    }
    .into()
}

fn place(at: &Locus) -> Option<(&str, Span)> {
    match at {
        Locus::File { path, span } => Some((path.as_str(), *span)),
        _ => None,
    }
}
