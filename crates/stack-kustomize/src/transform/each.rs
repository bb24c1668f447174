//! Fields that change each object by itself. Several of them take turns at one object before they come to the next: in a large tree, an
//! object has left the processor's caches when all others have been gone through.

use std::sync::Arc;

use crate::error::Result;
use crate::item::Item;
use crate::layer::{Layer, Session, note_transformation};
use crate::pool::Pool;
use crate::provenance::Origin;

/// A change of one object after the other.
pub(crate) trait Change {
    /// How often kustomize runs a transformer for it.
    fn runs(&self) -> usize {
        1
    }

    /// Whether it may change what an object is called.
    fn renames(&self) -> bool {
        false
    }

    fn change(&mut self, item: &mut Item, session: &mut Session) -> Result<()>;

    /// Says what there is to say when all objects were seen.
    fn end(&self, _: &Pool, _: &mut Session) {}
}

/// What a field changes, in its order.
pub(crate) type Changes<'a> = Vec<Box<dyn Change + 'a>>;

/// Makes the changes that fields of a kustomization ask for, each with its transformer, which is written down where that is wanted.
pub(super) fn change_each(
    layer: &Layer<'_>,
    changes: &mut Vec<(&'static str, Box<dyn Change + '_>)>,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let mut turns: Vec<Turn<'_, '_>> = Vec::with_capacity(changes.len());
    for (plugin, change) in changes.iter_mut() {
        let origin = session.tracks.then(|| Arc::new(layer.builtin(plugin)));
        turns.push(Turn { change: change.as_mut(), origin });
    }
    run(&mut turns, pool, session)?;
    changes.clear();
    Ok(())
}

/// Makes one change.
pub(crate) fn change_by(change: &mut dyn Change, pool: &mut Pool, session: &mut Session) -> Result<()> {
    run(&mut [Turn { change, origin: None }], pool, session)
}

struct Turn<'c, 'a> {
    change: &'c mut (dyn Change + 'a),
    origin: Option<Arc<Origin>>,
}

fn run(turns: &mut [Turn<'_, '_>], pool: &mut Pool, session: &mut Session) -> Result<()> {
    if turns.is_empty() {
        return Ok(());
    }
    let renames = turns.iter().any(|turn| turn.change.renames());
    for item in if renames { pool.items_to_rename() } else { pool.items_mut() } {
        for turn in &mut *turns {
            turn.change.change(item, session)?;
            for origin in turn.origin.iter().cycle().take(turn.change.runs()) {
                note_transformation(item, origin);
            }
        }
    }
    for turn in turns {
        turn.change.end(pool, session);
    }
    Ok(())
}
