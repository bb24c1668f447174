//! `commonAnnotations`.

use super::labels::set;
use crate::error::Result;
use crate::layer::{Layer, Session};
use crate::pool::Pool;

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let annotations = &layer.kustomization().common_annotations;
    if annotations.is_empty() {
        return Ok(());
    }
    set(pool, annotations, &layer.configuration.common_annotations)?;
    layer.done("AnnotationsTransformer", pool, session);
    Ok(())
}
