//! The rules that a stack is checked by: one row each, and a case in the repository's `tests/faults` for every row.

stack_source::rules! {
    pub rules;

    /// Two services or externals of one name.
    DUPLICATE_NAME = error("duplicate-name", "edges find services and externals by their name, so two have never the same");
    /// A name that Kubernetes refuses.
    INVALID_NAME = error("invalid-name", "Kubernetes refuses objects, variables and keys whose name has another syntax");
    /// A name that is too long once prefix and suffix are on.
    NAME_TOO_LONG = error("name-too-long", "names are cut or refused beyond 63 characters, 52 for what gets a revision or a pod number");
    /// An edge to a service that is not there.
    UNKNOWN_SERVICE = error("unknown-service", "an edge leads to a service or external of the stack");
    /// A port that the provider does not have.
    UNKNOWN_PORT = error("unknown-port", "an edge leads to a port that its provider listens on");
    /// A reference to nothing.
    UNKNOWN_REFERENCE = error("unknown-reference", "what stands in angle brackets names something of the model");
    /// A reference to what only a container knows, where no container reads it.
    UNEXPANDED_REFERENCE = error("unexpanded-reference", "a container's variables, commands and files carry hosts and secrets; elsewhere nothing expands them");
    /// A host that is written as text.
    LITERAL_HOST = error("literal-host", "a host that is text stays as it is when a prefix, a suffix or a namespace renames the service");
    /// A secret that ends the URL that it stands in.
    UNSAFE_IN_URL = error("unsafe-in-url", "nothing encodes a secret on its way into a URL, so a `/`, `@` or `#` in it ends a part of that URL");
    /// A secret key that nobody declared.
    UNKNOWN_SECRET = error("unknown-secret", "a key of a Secret is declared once, by its component or under `secrets`");
    /// Client and server speak differently.
    PROTOCOL_MISMATCH = error("protocol-mismatch", "both ends of an edge speak the same protocol");
    /// Two ports of one number, or a number that is no port.
    INVALID_PORT = error("invalid-port", "ports are 1 to 65535, each once in a service, and 1024 or more without root; ports of nodes are 30000 to 32767, each once in the stack");
    /// Text that should be an address, or a range of addresses.
    INVALID_ADDRESS = error("invalid-address", "policies and load balancers know addresses, and no names");
    /// Start-up waits in a circle.
    WAIT_CYCLE = error("wait-cycle", "services that wait for each other never start");
    /// No image.
    MISSING_IMAGE = error("missing-image", "a service runs an image: `image`, `build` or a component that knows one");
    /// An image reference that is none.
    INVALID_IMAGE = error("invalid-image", "the node pulls images by their reference");
    /// An image that may be another one tomorrow.
    INEXACT_IMAGE = error("inexact-image", "production runs the image that was tested: an exact tag, or a digest");
    /// No registry for an image that is built.
    MISSING_REGISTRY = error("missing-registry", "a cluster pulls built images from a registry, and only the owner of the environment knows which");
    /// More pods than the service can have.
    SINGLETON_SCALED = error("singleton-scaled", "some services lose or divide their data when they have more than one pod");
    /// A probe without a port.
    PROBE_WITHOUT_PORT = error("probe-without-port", "an HTTP or TCP probe asks at a port of the service");
    /// Storage without a place for it.
    STORAGE_WITHOUT_PLACE = error("storage-without-place", "`storage` sizes the data of a component that says where its data lies");
    /// A claim that several pods would share, on storage that cannot.
    SHARED_CLAIM = error("shared-claim", "a ReadWriteOnce claim is mounted by the pods of one node");
    /// Root.
    RUNS_AS_ROOT = error("runs-as-root", "a container that runs as root owns its node when it breaks out");
    /// A scale without the request that it is a percentage of.
    SCALE_WITHOUT_REQUEST = error("scale-without-request", "an autoscaler's target is a percentage of the request");
    /// Exposed at an ingress that the cluster does not have.
    MISSING_INGRESS = error("missing-ingress", "a host name is served by the cluster's ingress controller, and only the owner of the environment knows which");
    /// A Secret that nobody gives a value.
    SECRET_WITHOUT_OWNER = error("secret-without-owner", "a pod does not start while a key of its Secret is missing");
    /// A literal secret where none may be.
    LITERAL_SECRET = error("literal-secret", "a secret that stands in a repository is known to everyone who reads it");
    /// More than a ConfigMap or Secret can hold.
    TOO_LARGE = error("too-large", "Kubernetes refuses a ConfigMap or Secret whose values have more than 1 MiB together");
    /// A path that is not absolute, or used twice.
    INVALID_PATH = error("invalid-path", "containers mount at absolute paths, each once");
    /// An nginx route to a headless service.
    HEADLESS_ROUTE = error("headless-route", "nginx looks a host up once, at start, and a headless Kubernetes Service changes its addresses");
    /// A local port that is taken, or that only root may take.
    TAKEN_FORWARD = error("taken-forward", "Skaffold takes the next free local port instead, and nobody finds the service there");
    /// An amount that nobody means.
    IMPLAUSIBLE_AMOUNT = error("implausible-amount", "`512m` of memory is half a byte, and `250` are as many CPUs: no pod starts");
    /// A host and path that two services claim.
    TAKEN_HOST = error("taken-host", "an ingress leads a host and path to one service, and which one is its own choice");
    /// A variable that is given two values.
    TAKEN_VARIABLE = error("taken-variable", "a variable has one value, and which of two is lost nobody would see");
    /// A variable that nothing fills in.
    UNFILLED_VARIABLE = warning("unfilled-variable", "Compose fills `${NAME}` in while it reads; Kubernetes hands it to the program as it is");
    /// A label that selectors and policies rely on.
    TAKEN_LABEL = error("taken-label", "a pod whose label is not its service's own is found by the wrong ones, or by nobody");
    /// Two objects of one kind and name.
    TAKEN_NAME = error("taken-name", "a cluster has one object of a kind and name, and the second would overwrite the first");
    /// A key that this kind of workload does not have.
    WRONG_WORKLOAD = error("wrong-workload", "each kind of workload has some of the keys only");
    /// An accelerator of nobody knows whose.
    MISSING_GPU = error("missing-gpu", "a pod asks for an accelerator by the name that its maker's device plugin gives it");
    /// What the model can say and this version does not write.
    BEYOND_THIS_VERSION = error("beyond-this-version", "what is said and not written would be missing in the cluster without a word");
    /// A file of the package that is not there.
    MISSING_FILE = error("missing-file", "what is built, mounted or copied lies in the package");
}
