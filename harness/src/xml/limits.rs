//! Bounds on what a document may cost.

/// Depth beyond which [`Limits::max_depth`] has no effect. The JSON tree and the serialiser recurse once a level, so
/// this is what keeps them inside the 2 MB stack of a worker thread.
pub const DEPTH_CEILING: usize = 256;

/// Bounds on a document. Time and memory of [`parse`](super::parse) grow linearly with the body and stay within these.
///
/// The size of the body itself is for the caller to bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Elements open at once, the root included. At most [`DEPTH_CEILING`].
    pub max_depth: usize,
    /// Elements, attributes, texts, comments and processing instructions together.
    pub max_nodes: usize,
    /// Attributes of one element, namespace declarations included.
    pub max_attributes: usize,
    /// Namespace declarations in scope at once.
    pub max_namespaces: usize,
}

impl Default for Limits {
    /// 64 levels, 200,000 nodes, 256 attributes, 64 namespaces.
    fn default() -> Limits {
        Limits { max_depth: 64, max_nodes: 200_000, max_attributes: 256, max_namespaces: 64 }
    }
}
