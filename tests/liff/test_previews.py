"""`/preview/…`: staff try a form behind a ticket, without LINE and without leaving anything."""

from datetime import timedelta

from storage import clock, database
from storage.forms import tickets
from tests.jobs import forms
from tests.liff.conftest import Site, Visit

FORM = forms.stored(
    forms.question("q1", "text", required=True, label="お名前<b>"),
    forms.question("q2", "single", "はい", "いいえ"),
    title="来店",
    thanks={"text": "ありがとうございました"},
)


async def opened(site: Site, path: str) -> Visit:
    return await Visit(site, site.browser(), path).get()


async def issued(kind: tickets.Kind, form: int, number: int) -> str:
    return await tickets.issue(kind, form, number, await clock.now() + timedelta(hours=1))


async def test_a_draft_is_shown_as_often_as_one_likes_and_keeps_nothing(site: Site) -> None:
    number = await forms.add("来店", FORM, state="draft")
    token = await issued("preview", number, 1)
    for _ in range(2):
        page = await opened(site, f"/preview/{token}")
        assert page.status == 200
        assert "お名前&lt;b&gt;" in page.text
        assert "試し" in page.text
        assert "ありがとうございました" in page.text
    assert page.island("form-data")["preview"] is True
    assert page.headers["Cache-Control"] == "no-store"
    status, _ = await page.post(f"/f/{number}/answers", {"values": {"q1": "山田"}, "attempt": 1, "revision": 0})
    assert status == 401
    assert await database.value("SELECT count(*) FROM submissions") == 0


async def test_a_ticket_of_another_kind_or_out_of_time_shows_nothing(site: Site) -> None:
    number = await forms.add("来店", FORM, state="draft")
    for token in ("x" * 43, await issued("answers", number, 1)):
        assert (await opened(site, f"/preview/{token}")).status == 404
    token = await issued("preview", number, 1)
    await clock.move(await clock.now() + timedelta(hours=1))
    assert (await opened(site, f"/preview/{token}")).status == 410
    assert (await opened(site, f"/preview/{await issued('preview', number, 9)}")).status == 410
