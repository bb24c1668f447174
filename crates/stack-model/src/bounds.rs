//! The most that a count or a time of a stack may be. What is beyond is a mistake, and sums and products of what is not stay small.

/// Kubernetes is built for clusters of at most 150,000 pods, says "Considerations for large clusters"; nothing that a service counts
/// is more.
pub(crate) const MOST: u32 = 150_000;

/// A week, in seconds: nothing that a pod does before or after its work takes longer.
pub(crate) const LONGEST: u32 = 7 * 24 * 3600;

/// Kubernetes takes numbers of users and groups up to here.
pub(crate) const LAST_USER: i64 = i32::MAX as i64;
