use stack_krm::Gvk;
use stack_krm::yaml::Text;

use crate::field_specs::Configuration;

/// The fields of a type that name other objects.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// What the value here names, in the order of the specs, each with its path.
    pub(super) targets: Vec<(Text, Gvk)>,
    pub(super) fields: Vec<(Text, Self)>,
}

/// The fields of the objects of a type.
pub(super) fn trees(configuration: &Configuration, referrer: &Gvk) -> Tree {
    let mut tree = Tree::default();
    for (target, specs) in &configuration.name_reference {
        for spec in specs.iter().filter(|spec| referrer.is_selected_by(&spec.gvk)) {
            let mut node = &mut tree;
            for step in &spec.steps {
                node = node.field(&step.key);
            }
            node.targets.push((spec.path.clone(), target.clone()));
        }
    }
    tree
}

impl Tree {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.targets.is_empty()
    }

    /// Whether the value here names an object.
    pub(super) fn is_target(&self) -> bool {
        !self.targets.is_empty()
    }

    /// What is known of a field.
    pub(super) fn of(&self, key: &str) -> Option<&Self> {
        self.fields.iter().find(|(known, _)| known == key).map(|(_, tree)| tree)
    }

    fn field(&mut self, key: &Text) -> &mut Self {
        let index = self.fields.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            self.fields.push((key.clone(), Self::default()));
            self.fields.len() - 1
        });
        &mut self.fields[index].1
    }

    /// A path that leads through here, for a message.
    pub(super) fn example(&self) -> Text {
        let here = self.targets.first().map(|(path, _)| path.clone());
        here.or_else(|| self.fields.first().map(|(_, tree)| tree.example())).unwrap_or_default()
    }
}
