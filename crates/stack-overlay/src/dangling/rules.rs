stack_source::rules! {
    pub(super) rules;

    UNKNOWN_HOST = error("unknown-host", "a host name of the cluster's own form names no Kubernetes Service: the connection fails at run time, and nothing says so earlier");
    FOREIGN_HOST = warning("foreign-host", "a host lies in a namespace that this tree does not have: right only if somebody else fills that namespace");
    UNRENAMED_HOST = error("unrenamed-host", "a host is written as the base calls it, and the overlay has renamed the Kubernetes Service: `namePrefix` changes names, not texts");
    UNKNOWN_SERVICE_PORT = error("unknown-service-port", "the Kubernetes Service is there and does not listen on that port");
    UNKNOWN_POD_HOST = error("unknown-pod-host", "the name of a single pod needs a headless Service that governs a StatefulSet, and a replica of that number");
    UNDEFINED_VARIABLE = error("undefined-variable", "`$(X)` of a variable that is not defined, or defined only later, is left as it stands");
    MISSING_SERVICE = error("missing-service", "a field names a Kubernetes Service that the tree does not have");
    MISSING_CONFIG_MAP = error("missing-config-map", "the pod does not start without its ConfigMap");
    MISSING_SECRET = warning("missing-secret", "the pod does not start without its Secret; right only if somebody else creates it");
    MISSING_DATA_KEY = error("missing-data-key", "the pod does not start without this key of its ConfigMap or Secret");
    MISSING_CLAIM = warning("missing-claim", "the pod waits for its PersistentVolumeClaim; right only if somebody else creates it");
    MISSING_SERVICE_ACCOUNT = error("missing-service-account", "no pod is created without its ServiceAccount");
    MISSING_VOLUME = error("missing-volume", "a volume mount names a volume that the pod does not have");
    MISSING_OBJECT = error("missing-object", "a custom resource names an object that the tree does not have");
    MISSING_SCALE_TARGET = error("missing-scale-target", "an autoscaler without its target scales nothing");
    UNRENAMED_REFERENCE = error("unrenamed-reference", "a field holds a name as the base has it, and the overlay has renamed the object");
    SELECTS_NOTHING = error("selects-nothing", "the selector fits the labels of no pod");
    POLICY_SELECTS_NOTHING = error("policy-selects-nothing", "a peer of the NetworkPolicy fits no pod, so that the traffic that it should allow is cut");
    UNKNOWN_TARGET_PORT = error("unknown-target-port", "`targetPort` names a port that no container of the selected pods has");
    UNKNOWN_PROBE_PORT = error("unknown-probe-port", "the probe names a port that its container does not have");
    FORWARD_TO_NOTHING = error("forward-to-nothing", "Skaffold forwards to a name that is not rendered, and retries for ever without a word");
    FORWARD_PORT = error("forward-port", "Skaffold forwards to a port that the Kubernetes Service does not have");
    FORWARD_WITHOUT_PODS = error("forward-without-pods", "without a pod behind the Kubernetes Service, Skaffold forwards to any pod of the namespace");
    FORWARD_NAMESPACE = error("forward-namespace", "Skaffold looks for the Kubernetes Service in another namespace than it is rendered in");
    LOCAL_PORT = error("local-port", "Skaffold takes another local port without a word where one is taken, or cannot be taken without privileges");
    UNUSED_ARTIFACT = error("unused-artifact", "Skaffold builds an image that no pod uses");
    NEVER_PULLED = error("never-pulled", "an image that Skaffold does not build is never there with `imagePullPolicy: Never`");
    NO_MANIFESTS = error("no-manifests", "without the folder of a kustomization Skaffold deploys nothing");
}
