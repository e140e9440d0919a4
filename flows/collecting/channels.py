"""The channels of a home, as its settings name them."""

from __future__ import annotations

from flows.channel_settings import ChannelSettings, InboxSettings, MailboxSettings
from flows.collecting.inbox import Inbox
from flows.collecting.mailbox import Mailbox
from flows.collecting.offered import Channel
from flows.collecting.remote import Remote
from flows.collecting.speaking import Speakers
from flows.settings import Settings
from schemas.declaring.district import Declaration


def channels_of(settings: Settings, declaration: Declaration) -> list[Channel]:
    """The channels, the inbox first; none of them is reached yet."""
    return [_channel(each, settings, declaration) for each in settings.channels]


def _channel(each: ChannelSettings, settings: Settings, declaration: Declaration) -> Channel:
    speakers = Speakers(each.units, declaration, f"channels.{each.name}")
    if isinstance(each, InboxSettings):
        return Inbox(settings.inbox, settings.settle_seconds, speakers)
    if isinstance(each, MailboxSettings):
        return Mailbox(each, settings.home, speakers)
    return Remote(each, settings.home, settings.settle_seconds, speakers)
