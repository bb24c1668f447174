//! Objects that a kustomization generates.

use std::sync::Arc;

use super::configs::plugin_configs;
use crate::error::Result;
use crate::faults::Faults;
use crate::generate::{Generated, config_map, secret};
use crate::kustomization::Step;
use crate::layer::{Layer, Session};
use crate::plugins;

/// Those of `configMapGenerator` and `secretGenerator`.
pub(super) fn generate(layer: &Layer<'_>, faults: &mut Faults, session: &mut Session) -> Result<Vec<Generated>> {
    const CONFIG_MAPS: &str = "configMapGenerator";
    const SECRETS: &str = "secretGenerator";
    let kustomization = layer.kustomization();
    let shared = kustomization.generator_options.as_ref();
    let mut made = Vec::new();
    for (index, args) in kustomization.config_map_generator.iter().enumerate() {
        warn_of_options(layer, CONFIG_MAPS, index, session);
        let of = |key, element| layer.file.part(CONFIG_MAPS, index, key, element);
        let generated = config_map(args, shared, &layer.place, &layer.file.entry(CONFIG_MAPS, index), &of);
        made.extend(faults.note(generated)?.map(|generated| (generated, "ConfigMapGenerator")));
    }
    for (index, args) in kustomization.secret_generator.iter().enumerate() {
        warn_of_options(layer, SECRETS, index, session);
        let of = |key, element| layer.file.part(SECRETS, index, key, element);
        let generated = secret(args, shared, &layer.place, &layer.file.entry(SECRETS, index), &of);
        made.extend(faults.note(generated)?.map(|generated| (generated, "SecretGenerator")));
    }
    let with_origin = |(mut generated, generator): (Generated, &'static str)| {
        generated.item.provenance.origin = session.tracks.then(|| Arc::new(layer.builtin(generator)));
        generated
    };
    Ok(made.into_iter().map(with_origin).collect())
}

/// Those of the plugins under `generators`.
pub(super) fn by_plugins(layer: &Layer<'_>, session: &mut Session) -> Result<Vec<Generated>> {
    let mut made = Vec::new();
    for config in plugin_configs(layer, "generators", &layer.kustomization().generators, session)? {
        let origin = plugins::origin(&config).filter(|_| session.tracks).map(Arc::new);
        for mut generated in plugins::generate(&config, &layer.place, session)? {
            generated.item.provenance.origin.clone_from(&origin);
            made.push(generated);
        }
    }
    Ok(made)
}

/// What `generatorOptions` switches on, no generator can switch off.
fn warn_of_options(layer: &Layer<'_>, field: &'static str, index: usize, session: &mut Session) {
    let Some(shared) = &layer.kustomization().generator_options else { return };
    let options = [("disableNameSuffixHash", shared.disable_name_suffix_hash), ("immutable", shared.immutable)];
    for (option, _) in options.into_iter().filter(|(_, is_on)| *is_on) {
        let steps = [Step::Key(field), Step::Index(index), Step::Key("options"), Step::Key(option)];
        if layer.file.node(&steps).and_then(stack_krm::yaml::Node::as_bool) == Some(false) {
            let message = format!("`{option}: false` changes nothing: `generatorOptions` switches it on for all");
            let help = "take it out of `generatorOptions`, and switch it on for each generator that is to have it";
            session.no_effect(message, &layer.file.at(&steps), help);
        }
    }
}
