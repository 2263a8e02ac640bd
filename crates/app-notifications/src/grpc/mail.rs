//! The wire form of a mail, as a draft.

use jiff::Timestamp;
use rpc::notifications::v1::mail_block::Block as Wire;
use rpc::notifications::v1::{MailBlock, MailClass as WireClass, SendMailRequest};

use crate::domain::mail::{Block, BlockDraft, MailClass, MailDraft};

/// Converts; nothing is checked.
pub(super) fn draft(request: SendMailRequest) -> MailDraft {
    let class = match request.class() {
        WireClass::Security => Some(MailClass::Security),
        WireClass::Normal => Some(MailClass::Normal),
        WireClass::Unspecified => None,
    };
    let recipient = request.recipient.unwrap_or_default();
    let content = request.content.unwrap_or_default();
    MailDraft {
        idempotency_key: request.idempotency_key,
        address: recipient.address,
        name: recipient.name,
        person: recipient.person_id,
        template: request.template,
        language: request.language,
        class,
        subject: content.subject,
        blocks: content.blocks.into_iter().map(block).collect(),
        expires_at: match request.expires_at {
            0 => None,
            seconds => Some(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)),
        },
    }
}

fn block(block: MailBlock) -> Option<BlockDraft> {
    Some(match block.block? {
        Wire::Paragraph(text) => BlockDraft::Plain(Block::Paragraph(text)),
        Wire::Code(code) => BlockDraft::Plain(Block::Code(code)),
        Wire::Note(text) => BlockDraft::Plain(Block::Note(text)),
        Wire::Action(action) => BlockDraft::Action(action.label, action.url),
        Wire::Facts(facts) => BlockDraft::Plain(Block::Facts(
            facts
                .facts
                .into_iter()
                .map(|fact| (fact.name, fact.value))
                .collect(),
        )),
    })
}
