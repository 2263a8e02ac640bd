//! The lines that trusted proxies say whom they speak for in: of `X-Forwarded-For`, and behind an empty line of
//! `X-Forwarded-Proto`.
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(|bytes| {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
    let addresses: Vec<Vec<u8>> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    let schemes: Vec<Vec<u8>> = lines.collect();
    gateway::invariants::forwarded(&addresses, &schemes);
});
