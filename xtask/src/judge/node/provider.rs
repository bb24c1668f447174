//! What a cluster's provider brings: definitions of custom resources, volumes for claims.

use serde_json::{Value, json};
use stack_krm::Quantity;

use super::{Node, until};
use crate::judge::yaml::{list, text};

/// The `StorageClass` of llm-stack's claims.
const CLASS: &str = "standard";

impl Node {
    /// The real definitions of the custom resources that the packages use.
    pub(in crate::judge) fn define_custom_resources(&self) -> Result<(), String> {
        let folder = self.home.join("crds");
        self.kubectl(&["apply", "--server-side", "--filename", &folder.to_string_lossy()])?;
        // A definition that is new has no conditions yet, which `kubectl wait` takes for an error.
        let wait = ["wait", "--for=condition=Established", "--all", "customresourcedefinitions", "--timeout=5s"];
        until("the custom resources to be known", 60, || self.kubectl(&wait).map(Some)).map(drop)
    }

    /// A volume for each claim that stands in a stream, or that its `StatefulSets` will make. They are local ones: those
    /// take the group that a pod asks for, as a cloud's disks do. Each is as large as the largest claim, so that a claim which
    /// comes early and takes any of them leaves no other without.
    pub(in crate::judge) fn give_volumes(&self, objects: &[Value]) -> Result<(), String> {
        let class = json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": CLASS},
            "provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "WaitForFirstConsumer",
        });
        self.kubectl_reads(&["apply", "--filename", "-"], class.to_string().as_bytes())?;
        let claims = objects.iter().filter(|object| text(object, "/kind") == "PersistentVolumeClaim");
        let templates = objects.iter().flat_map(|object| list(object, "/spec/volumeClaimTemplates"));
        let claims: Vec<&Value> = claims.chain(templates).collect();
        let size = |claim: &Value| text(claim, "/spec/resources/requests/storage").parse::<Quantity>().ok();
        let largest = claims.iter().filter_map(|claim| size(claim)).max().unwrap_or(Quantity::gi(1)).to_string();
        for (index, claim) in claims.into_iter().enumerate() {
            let name = format!("volume-{index}");
            let folder = self.folder(&format!("volumes/{name}"))?;
            let volume = json!({
                "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name},
                "spec": {
                    "capacity": {"storage": largest},
                    "accessModes": claim["spec"]["accessModes"],
                    "storageClassName": CLASS,
                    "local": {"path": folder},
                    "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [
                        {"key": "kubernetes.io/hostname", "operator": "In", "values": ["judge"]},
                    ]}]}},
                },
            });
            self.kubectl_reads(&["apply", "--filename", "-"], volume.to_string().as_bytes())?;
        }
        Ok(())
    }
}
