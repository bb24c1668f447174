use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{
    ConfigMapProjection, ConfigMapVolumeSource, EmptyDirVolumeSource, KeyToPath, PersistentVolumeClaim,
    PersistentVolumeClaimSpec, PersistentVolumeClaimVolumeSource, ProjectedVolumeSource, SecretProjection,
    SecretVolumeSource, Volume, VolumeMount, VolumeProjection, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use stack_krm::ConfigKey;

use super::object::Writer;
use crate::Workload;
use crate::plan::{Carrier, FileSource, Mount, MountSource};

impl Writer<'_> {
    /// The claims of a Deployment; those of a StatefulSet are its own.
    pub(super) fn storage(&mut self) {
        if self.plan.workload == Workload::StatefulSet || self.plan.step_of.is_some() {
            return;
        }
        let mut written = BTreeSet::new();
        for mount in &self.plan.mounts {
            if let MountSource::Claim { name, .. } = &mount.source
                && written.insert(name)
            {
                let metadata = self.metadata(name.as_str());
                let spec = claim_spec(mount);
                self.push(&PersistentVolumeClaim { metadata, spec, ..PersistentVolumeClaim::default() });
            }
        }
    }

    pub(super) fn claim_templates(&self) -> Option<Vec<PersistentVolumeClaim>> {
        if self.plan.workload != Workload::StatefulSet {
            return None;
        }
        let template = |mount: &Mount| {
            let metadata = ObjectMeta { name: Some(mount.volume.to_string()), ..ObjectMeta::default() };
            claim_spec(mount).map(|spec| PersistentVolumeClaim {
                metadata,
                spec: Some(spec),
                ..PersistentVolumeClaim::default()
            })
        };
        let templates: Vec<PersistentVolumeClaim> = self.plan.mounts.iter().filter_map(template).collect();
        (!templates.is_empty()).then_some(templates)
    }

    pub(super) fn volumes(&self) -> Option<Vec<Volume>> {
        let mut volumes: Vec<Volume> = self.plan.mounts.iter().filter_map(|mount| self.volume(mount)).collect();
        if self.needs_tmp() {
            volumes.push(empty("tmp", None, false));
        }
        (!volumes.is_empty()).then_some(volumes)
    }

    pub(super) fn volume_mounts(&self) -> Option<Vec<VolumeMount>> {
        let mount = |volume: &str, path: &str, read_only: bool| VolumeMount {
            name: volume.to_owned(),
            mount_path: path.to_owned(),
            read_only: read_only.then_some(true),
            ..VolumeMount::default()
        };
        let is_config = |source: &MountSource| matches!(source, MountSource::Files(_));
        let mut mounts: Vec<VolumeMount> = Vec::new();
        for planned in &self.plan.mounts {
            let files = files_of_the_image_s_folder(planned);
            if files.is_empty() {
                mounts.push(VolumeMount {
                    sub_path: self.is_owned(planned).then(|| super::init::OWNED.to_owned()),
                    ..mount(planned.volume.as_str(), &planned.path, is_config(&planned.source))
                });
            }
            mounts.extend(files.into_iter().map(|file| VolumeMount {
                sub_path: Some(file.to_owned()),
                ..mount(planned.volume.as_str(), &format!("{}/{file}", planned.path), true)
            }));
        }
        if self.needs_tmp() {
            mounts.push(mount("tmp", "/tmp", false));
        }
        (!mounts.is_empty()).then_some(mounts)
    }

    /// Most programs write to `/tmp`, which a read-only root file system does not offer.
    fn needs_tmp(&self) -> bool {
        self.plan.read_only && self.plan.mounts.iter().all(|mount| mount.path != "/tmp")
    }

    fn volume(&self, mount: &Mount) -> Option<Volume> {
        let name = mount.volume.to_string();
        match &mount.source {
            MountSource::Empty { size, memory } => {
                Some(empty(&name, size.map(|size| Quantity(size.to_string())), *memory))
            }
            MountSource::Claim { .. } if self.plan.workload == Workload::StatefulSet => None,
            MountSource::Claim { name: claim, .. } => Some(Volume {
                name,
                persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
                    claim_name: self.names.name(claim.as_str()),
                    read_only: None,
                }),
                ..Volume::default()
            }),
            MountSource::Files(sources) => Some(self.files(name, sources)),
        }
    }

    /// A volume of one ConfigMap or Secret, or of several.
    fn files(&self, name: String, sources: &[FileSource]) -> Volume {
        let mut volume = Volume { name, ..Volume::default() };
        let item =
            |(file, key): (&String, &ConfigKey)| KeyToPath { key: key.to_string(), path: file.clone(), mode: None };
        let items = |source: &FileSource| source.files.iter().map(item).collect::<Vec<_>>();
        match sources {
            [source] if source.carrier == Carrier::Secret => {
                volume.secret = Some(SecretVolumeSource {
                    secret_name: Some(self.names.secret(source.name.as_str())),
                    items: Some(items(source)),
                    ..SecretVolumeSource::default()
                });
            }
            [source] => {
                volume.config_map = Some(ConfigMapVolumeSource {
                    name: self.names.generated("ConfigMap", source.name.as_str()),
                    items: (!self.is_whole(source)).then(|| items(source)),
                    ..ConfigMapVolumeSource::default()
                });
            }
            several => {
                let projection = |source: &FileSource| match source.carrier {
                    Carrier::Secret => VolumeProjection {
                        secret: Some(SecretProjection {
                            name: self.names.secret(source.name.as_str()),
                            items: Some(items(source)),
                            optional: None,
                        }),
                        ..VolumeProjection::default()
                    },
                    Carrier::ConfigMap => VolumeProjection {
                        config_map: Some(ConfigMapProjection {
                            name: self.names.generated("ConfigMap", source.name.as_str()),
                            items: (!self.is_whole(source)).then(|| items(source)),
                            optional: None,
                        }),
                        ..VolumeProjection::default()
                    },
                };
                let sources = Some(several.iter().map(projection).collect());
                volume.projected = Some(ProjectedVolumeSource { sources, default_mode: None });
            }
        }
        volume
    }

    /// Whether a ConfigMap brings all that it has, each file called as its key.
    fn is_whole(&self, source: &FileSource) -> bool {
        let config = self.plan.config.iter().find(|config| config.name == source.name);
        config.is_some_and(|config| config.files.len() == source.files.len())
            && source.files.iter().all(|(file, key)| key.as_str() == file)
    }
}

/// Folders in which images have more than one file (Filesystem Hierarchy Standard 3.0, and where Dockerfiles put programs): a volume
/// would hide all of it.
const OF_IMAGES: [&str; 12] =
    ["/app", "/bin", "/etc", "/home", "/lib", "/opt", "/root", "/sbin", "/srv", "/usr", "/var", "/workspace"];

/// Files that are mounted one by one into a folder of the image; none where the whole folder is mounted.
fn files_of_the_image_s_folder(mount: &Mount) -> Vec<&str> {
    match &mount.source {
        MountSource::Files(sources) if OF_IMAGES.contains(&mount.path.as_str()) => {
            sources.iter().flat_map(|source| source.files.keys()).map(String::as_str).collect()
        }
        _ => Vec::new(),
    }
}

fn empty(name: &str, size_limit: Option<Quantity>, memory: bool) -> Volume {
    let medium = memory.then(|| "Memory".to_owned());
    Volume { name: name.to_owned(), empty_dir: Some(EmptyDirVolumeSource { medium, size_limit }), ..Volume::default() }
}

fn claim_spec(mount: &Mount) -> Option<PersistentVolumeClaimSpec> {
    let MountSource::Claim { size, access, class, .. } = &mount.source else { return None };
    let storage = ("storage".to_owned(), Quantity(size.to_string()));
    Some(PersistentVolumeClaimSpec {
        access_modes: Some(vec![access.name().to_owned()]),
        resources: Some(VolumeResourceRequirements {
            requests: Some(BTreeMap::from([storage])),
            ..VolumeResourceRequirements::default()
        }),
        storage_class_name: class.clone(),
        ..PersistentVolumeClaimSpec::default()
    })
}
