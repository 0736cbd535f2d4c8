"""From a block as read to what is stored, and back: names and numbers, messages composed and checked, buttons made."""

from admin_commands.content.building import Builder as Builder
from admin_commands.content.checking import conflicts as conflicts
from admin_commands.content.checking import doubts as doubts
from admin_commands.content.linking import Faulty as Faulty
from admin_commands.content.linking import Links as Links
from admin_commands.content.linking import link as link
from admin_commands.content.linking import made_note as made_note
from admin_commands.content.linking import record_made as record_made
from admin_commands.content.sources import Outdated as Outdated
from admin_commands.content.sources import all_unlinked as all_unlinked
from admin_commands.content.sources import dated as dated
from admin_commands.content.sources import dumped as dumped
from admin_commands.content.sources import linked as linked
from admin_commands.content.sources import reread as reread
from admin_commands.content.sources import same as same
from admin_commands.content.sources import unlinked as unlinked
from admin_commands.content.trees import Noun as Noun
from admin_commands.content.trees import exchanged as exchanged
from admin_commands.content.trees import mentioned as mentioned
