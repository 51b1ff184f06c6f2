//! Why a sandbox did not start.

use std::fmt;
use std::io;
use std::net::SocketAddr;

/// Why a sandbox did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// No fault has this name.
    UnknownFault {
        /// The name as given.
        name: String,
        /// The known name that is most like it, if any is.
        nearest: Option<&'static str>,
        /// All known names.
        known: Vec<&'static str>,
    },
    /// The callback URL is not an absolute `http://` URL.
    CallbackUrl {
        /// The URL as given.
        url: String,
    },
    /// The address can't be listened on.
    Listen {
        /// The address as given.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The server's thread or its runtime could not be made.
    Thread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::UnknownFault { name, nearest, known } => {
                write!(f, "unknown fault `{name}`")?;
                if let Some(nearest) = nearest {
                    write!(f, ", did you mean `{nearest}`?")?;
                }
                write!(f, " ({} are known, `--fault list` lists them)", known.len())
            }
            StartError::CallbackUrl { url } => {
                write!(f, "the callback URL `{url}` is not an absolute `http://` URL")
            }
            StartError::Listen { address, source } => write!(f, "cannot listen on `{address}`: {source}"),
            StartError::Thread(source) => write!(f, "cannot start the sandbox's server thread: {source}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Listen { source, .. } | StartError::Thread(source) => Some(source),
            StartError::UnknownFault { .. } | StartError::CallbackUrl { .. } => None,
        }
    }
}
