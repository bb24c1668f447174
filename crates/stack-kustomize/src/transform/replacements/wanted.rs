//! The objects that the words of a replacement mean.

use stack_krm::Gvk;

use crate::item::Item;
use crate::kustomization::Selector;
use crate::pool::Pool;

/// The parts of an id that a selector gives. An object that has, or had, such an id is meant.
pub(super) struct Wanted<'a> {
    pub(super) gvk: Gvk,
    pub(super) name: &'a str,
    pub(super) namespace: &'a str,
}

impl<'a> Wanted<'a> {
    pub(super) fn of(selector: &'a Selector) -> Self {
        let gvk = Gvk::new(&selector.group, &selector.version, &selector.kind);
        Self { gvk, name: &selector.name, namespace: &selector.namespace }
    }

    pub(super) fn is_anything(&self) -> bool {
        self.gvk == Gvk::default() && self.name.is_empty() && self.namespace.is_empty()
    }

    pub(super) fn selects(&self, item: &Item) -> bool {
        let effective = |namespace: &'a str| if namespace.is_empty() { "default" } else { namespace };
        let in_namespace = |namespace: &str| {
            let namespace = if namespace.is_empty() { "default" } else { namespace };
            self.namespace.is_empty() || effective(self.namespace) == namespace
        };
        item.ids().any(|id| {
            (self.name.is_empty() || id.name == self.name)
                && in_namespace(&id.namespace)
                && id.gvk.is_selected_by(&self.gvk)
        })
    }

    pub(super) fn places(&self, pool: &mut Pool) -> Vec<usize> {
        let places = if self.name.is_empty() { (0..pool.len()).collect() } else { pool.named(self.name) };
        let items = pool.items();
        places.into_iter().filter(|place| items.get(*place).is_some_and(|item| self.selects(item))).collect()
    }
}
