use stack_krm::Gvk;
use stack_krm::yaml::Text;

use crate::field_path::{InMap, Step};
use crate::field_specs::Configuration;
use crate::id_map::IdMap;

/// The fields of a type that name other objects.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// What the value here names, in the order of the specs, each with its path.
    pub(super) targets: Vec<(Text, Gvk)>,
    pub(super) fields: IdMap<Text, Self>,
    /// A step that leads nowhere in a map, with its path.
    pub(super) dead_end: Option<(InMap, Text)>,
    /// Whether a null becomes a list here.
    pub(super) is_list: bool,
}

/// The fields of the objects of a type.
pub(super) fn tree(configuration: &Configuration, referrer: &Gvk) -> Tree {
    let mut tree = Tree::default();
    for (target, specs) in &configuration.name_reference {
        for spec in specs.iter().filter(|spec| referrer.is_selected_by(&spec.gvk)) {
            let mut node = &mut tree;
            let is_alive = |step: &&Step| matches!(step.in_map, InMap::Value | InMap::Itself);
            for step in spec.steps.iter().take_while(is_alive).filter(|step| step.in_map == InMap::Value) {
                node = node.field(step);
            }
            match spec.steps.iter().find(|step| !is_alive(step)) {
                Some(step) => node.dead_end = Some((step.in_map, spec.path.clone())),
                None => node.targets.push((spec.path.clone(), target.clone())),
            }
        }
    }
    tree
}

impl Tree {
    pub(super) fn is_empty(&self) -> bool {
        self.is_leaf() && self.targets.is_empty()
    }

    /// Whether nothing inside of the value here names an object.
    pub(super) fn is_leaf(&self) -> bool {
        self.fields.is_empty() && self.dead_end.is_none()
    }

    /// Whether the value here names an object.
    pub(super) fn is_target(&self) -> bool {
        !self.targets.is_empty()
    }

    /// What is known of a field.
    pub(super) fn of(&self, key: &str) -> Option<&Self> {
        self.fields.get(key)
    }

    fn field(&mut self, step: &Step) -> &mut Self {
        let field = self.fields.entry(step.key.clone()).or_default();
        field.is_list |= step.is_list;
        field
    }

    /// A path that leads through here, for a message.
    pub(super) fn example(&self) -> Text {
        let here = self.targets.first().map(|(path, _)| path.clone());
        let dead_end = || self.dead_end.as_ref().map(|(_, path)| path.clone());
        here.or_else(dead_end).or_else(|| self.fields.first().map(|(_, tree)| tree.example())).unwrap_or_default()
    }
}
