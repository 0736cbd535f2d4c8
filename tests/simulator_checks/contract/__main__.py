"""python -m tests.simulator_checks.contract: the simulator under watch; it ends with 3 when something went unread."""

import sys

from tests.simulator import __main__ as simulator
from tests.simulator import server
from tests.simulator.api import routes
from tests.simulator.channel import Platform
from tests.simulator_checks.contract.witness import WatchedPostman, Witness

UNREAD = 3


def main() -> None:
    witnesses: list[Witness] = []

    def watched(platform: Platform) -> server.Parts:
        witness = Witness(platform)
        witnesses.append(witness)
        postman = WatchedPostman(witness)
        app = server.application(platform, postman)
        files = server.files_application(platform, postman)
        witness.attend(app)
        witness.attend(files, routes.FILES)
        witness.answer_in(app)
        return server.Parts(app, files, postman)

    simulator.main(watched)
    unread = [line for witness in witnesses for line in witness.violations]
    sys.stderr.write("\n".join(unread))
    sys.exit(UNREAD if unread else 0)


if __name__ == "__main__":
    main()
