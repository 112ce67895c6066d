//! How many clients can be served at once with the file descriptors that the system grants?
//!
//! Each client may need two sockets, its own and one upstream; the store, logs and pages need some
//! more. The soft limit is raised to the hard one; where that does not suffice, fewer clients are
//! served, and the readiness page says so: better than failing in the middle of the day.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Descriptors that are not clients and their upstreams.
const DESCRIPTORS_APART: usize = 512;

/// How many clients are served at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionsMax {
    /// The number in force.
    pub in_force: usize,
    /// The number that was asked for, where descriptors did not suffice for it.
    pub lowered_from: Option<usize>,
}

/// Raises the soft descriptor limit to the hard one and says how many clients that allows.
pub(super) fn raise_descriptor_limit(wanted: usize) -> ConnectionsMax {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return ConnectionsMax {
            in_force: wanted,
            lowered_from: None,
        };
    };
    let raised = soft < hard && setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_ok();
    let granted = if raised { hard } else { soft };
    allowed_by(usize::try_from(granted).unwrap_or(usize::MAX), wanted)
}

fn allowed_by(descriptors: usize, wanted: usize) -> ConnectionsMax {
    // With very few descriptors half of them still serve clients: a slow proxy beats none.
    let affordable = (descriptors.saturating_sub(DESCRIPTORS_APART) / 2)
        .max(descriptors / 4)
        .max(1);
    ConnectionsMax {
        in_force: wanted.min(affordable),
        lowered_from: (wanted > affordable).then_some(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_descriptors_each_and_some_apart() {
        let enough = allowed_by(2 * 4096 + 512, 4096);
        assert_eq!((enough.in_force, enough.lowered_from), (4096, None));
        let scarce = allowed_by(1024, 4096);
        assert_eq!((scarce.in_force, scarce.lowered_from), (256, Some(4096)));
    }
}
