//! Clients, tunnels, interception, exchanges, refusals.
