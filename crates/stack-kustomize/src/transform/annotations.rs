//! `commonAnnotations`.

use super::each::Changes;
use super::labels::SetEntries;
use crate::error::Result;
use crate::layer::Layer;

#[expect(clippy::unnecessary_wraps, reason = "the table holds functions of one type")]
pub(crate) fn changes<'a>(layer: &'a Layer<'_>) -> Result<Changes<'a>> {
    let annotations = &layer.kustomization().common_annotations;
    if annotations.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Box::new(SetEntries::new(annotations, &layer.configuration.common_annotations))])
}
