"""A team's evening in a real browser: two at work at once, one refused, an undo, an old version, and a second shop.

Everything is done as people do it, on the phones pages of two `./ayumi run`: typed, pressed, read, saved, sent.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.embedded import process
from tests.house import House

WIDE = {"width": 1900, "height": 1000}
SECONDS = 30_000
CODE = re.compile(r"Claim code: +([\d-]+)")
FIRST, SECOND, THIRD = "寒くなりましたね⛄", "雪の季節です", "もうすぐ春です"
TEMPLATE = """\
■テンプレ 道案内
▼本文
駅の北口を出て、まっすぐ5分です。
＋ボタン 行きます → タグ付ける 来店予定"""


@dataclass(frozen=True)
class Phone:
    """Somebody's phone on a page."""

    page: Page
    root: Locator

    def bubble(self, words: str) -> Locator:
        return self.root.get_by_test_id("bubble").filter(has_text=words).last

    async def says(self, words: str) -> None:
        await self.root.get_by_role("textbox", name="メッセージ").fill(words)
        await self.button("送信").click()

    async def mentions(self, before: str, name: str, after: str) -> None:
        """Say words with a name in them that is chosen after an @."""
        field = self.root.get_by_role("textbox", name="メッセージ")
        await field.press_sequentially(f"{before} @{name[0]}")
        await self.root.get_by_role("option", name=f"@{name}").click()
        await field.press_sequentially(after)
        await self.button("送信").click()

    async def reads(self, words: str) -> None:
        await expect(self.bubble(words)).to_be_visible(timeout=SECONDS)

    def button(self, label: str) -> Locator:
        return self.root.get_by_role("button", name=label, exact=True).last

    async def presses(self, label: str, on: str = "") -> None:
        """A button of the phone or under it; `on`: of the bubble with these words."""
        where = self.bubble(on).get_by_role("button", name=label, exact=True) if on else self.button(label)
        await expect(where).to_be_visible(timeout=SECONDS)
        await where.click()

    async def sends(self, file: Path) -> None:
        await self.presses("ほかのものを送る")
        async with self.page.expect_file_chooser() as choosing:
            await self.presses("ファイル")
        await (await choosing.value).set_files(file)

    async def saves(self, on: str, file: Path) -> str:
        """Follow the link of a 控え and save what it gives; the name it has."""
        async with self.page.context.expect_page() as opening:
            await self.presses("ファイルを受け取る", on)
        page = await opening.value
        async with page.expect_download() as coming:
            await page.get_by_role("button", name="ファイルを受け取る").click()
        await (await coming.value).save_as(file)
        await page.reload()
        await expect(page.get_by_role("heading", name="受け取れませんでした")).to_be_visible()
        await page.close()
        return (await coming.value).suggested_filename


@dataclass(frozen=True)
class Desk:
    """The phones page of one shop, and the claim code that its terminal shows."""

    page: Page
    code: str

    def phone(self, name: str) -> Phone:
        return Phone(self.page, self.page.get_by_role("region", name=f"{name}のスマホ"))

    async def picks_up(self, name: str) -> Phone:
        """One phone more, of somebody who is there."""
        await self.page.get_by_role("button", name="スマホを追加").click()
        await self.page.get_by_role("searchbox", name="名前").fill(name)
        await self.page.get_by_role("list", name="人").get_by_role("button", name=name).click()
        return self.phone(name)

    async def brings_in(self, name: str, phone: Phone) -> Phone:
        """Somebody new, added to the group on this phone by whoever holds it."""
        await phone.presses("トークのメニュー")
        await self.page.get_by_role("menuitem", name="メンバーを追加").click()
        await self.page.get_by_role("searchbox", name="名前").fill(name)
        await self.page.get_by_role("button", name=f"「{name}」を新しく作る").click()
        return await self.picks_up(name)

    async def claims(self) -> Phone:
        """The owner's phone; the group is the staff's."""
        owner = self.phone("山田 太郎")
        await owner.presses("ボットを招待")
        await owner.reads("登録コード")
        await owner.says(f"登録 {self.code}")
        await owner.reads("登録しました")
        return owner


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[tuple[House, House]]:
    """Two shops with nothing in them; the first is starting."""
    first, second = House(tmp_path / "first"), House(tmp_path / "second")
    first.begin()
    yield first, second
    for one in (first, second):
        one.remove()
        assert "Traceback" not in one.said() + one.logged()


async def opened(browser: BrowserContext, shop: House) -> Desk:
    def claimable() -> bool:
        return CODE.search(shop.said()) is not None

    await asyncio.to_thread(process.wait_until, claimable, 60)
    code = CODE.search(shop.said())
    assert code is not None, shop.said()
    page = await browser.new_page()
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a plain dict will do
    await page.goto(shop.address("Phones page"))
    return Desk(page, code[1])


@pytest.mark.browser
async def test_it_carries_a_team_through_an_evening_and_its_shop_to_an_empty_one(
    browser: BrowserContext, shops: tuple[House, House], tmp_path: Path
) -> None:
    desk = await opened(browser, shops[0])
    shops[1].begin()
    yamada = await desk.claims()
    sato = await desk.picks_up("佐藤 美咲")
    jiro = await desk.brings_in("高橋 次郎", yamada)
    await yamada.mentions("スタッフ 追加", "佐藤 美咲", "管理者")
    await yamada.presses("追加する", on="佐藤 美咲さんを管理者にします")
    await sato.reads("佐藤 美咲さんを管理者にしました")
    await jiro.says("スタッフ 申請 オペレーター")
    await yamada.presses("承認する", on="高橋 次郎さんからスタッフの申請です")
    await jiro.reads("高橋 次郎さんをオペレーターにしました")

    await make_two_things_at_once(yamada, sato)
    await ask_for_what_one_may_not(jiro, sato)

    await sato.says("テンプレ 改名 道案内 → 行き方")
    await sato.reads("「行き方」に改名しました")
    await sato.says("取消")
    await sato.reads("取り消しました")
    await jiro.says("テンプレ 表示 道案内")
    await jiro.reads("使用先")

    await bring_back_the_first_version(sato)
    hanako = desk.phone("田中 花子")
    await hanako.presses("友だち追加")
    await hanako.reads(FIRST)

    await sato.says("控え")
    file, again = tmp_path / "saved.txt", tmp_path / "again.txt"
    assert re.fullmatch(r"ayumi-\d{8}-\d{4}\.txt", await sato.saves("控え1を作りました", file))

    other = await opened(browser, shops[1])
    owner, customer = await other.claims(), other.phone("田中 花子")
    await owner.sends(file)
    await owner.says("控え 取込")
    await owner.presses("取り込む", on="控えを取り込みます")
    await owner.reads("控えを取り込みました")
    await owner.says("控え")
    await owner.saves("控え1を作りました", again)
    (dated, *rebuilt), (head, *kept) = again.read_text().splitlines(), file.read_text().splitlines()
    assert "控え 20" in dated
    assert "控え 20" in head
    assert rebuilt == kept
    assert {"タグ 作成 来店予定", "■シナリオ 冬の便り", FIRST, *TEMPLATE.splitlines()} <= set(kept)
    await customer.presses("友だち追加")
    await customer.reads(FIRST)


async def make_two_things_at_once(asked: Phone, pasting: Phone) -> None:
    """One answers questions, the other pastes a block between two of the answers."""
    await asked.says("シナリオ 作成")
    await asked.reads("シナリオの作成 1/6")
    await asked.says("冬の便り")
    await asked.reads("シナリオの作成 2/6")
    await pasting.says(TEMPLATE)
    await pasting.reads("テンプレ「道案内」#M1 を作りました")
    await asked.says("1")  # the buttons have gone, as they do when somebody else is answered
    await asked.reads("シナリオの作成 3/6")
    await asked.presses("すぐ")
    await asked.reads("シナリオの作成 4/6")
    await asked.says(FIRST)
    await asked.reads("シナリオの作成 5/6")
    await asked.presses("とばす")
    await asked.reads("シナリオの作成 6/6")
    await asked.presses("これで完成")
    await asked.reads("シナリオ「冬の便り」#S1 下書き（版1）")


async def ask_for_what_one_may_not(operator: Phone, manager: Phone) -> None:
    """One thing is asked for and turned down, another is granted."""
    await operator.says("テンプレ 削除 道案内")
    await operator.reads("「テンプレ 削除」ができるのは管理者以上の方です")
    await operator.presses("管理者に依頼")
    await manager.presses("却下", on="高橋 次郎さんからの依頼")
    await operator.reads("何も変えていません")
    await operator.says("シナリオ 公開 冬の便り")
    await operator.reads("「シナリオ 公開」ができるのは管理者以上の方です")
    await operator.presses("管理者に依頼")
    await expect(manager.root.get_by_test_id("bubble").filter(has_text="高橋 次郎さんからの依頼")).to_have_count(2)
    await manager.presses("承認する", on="高橋 次郎さんからの依頼")
    await manager.presses("公開する", on="版1 を公開します")
    await operator.reads("版1を公開しました")


async def bring_back_the_first_version(manager: Phone) -> None:
    for number, text in (2, SECOND), (3, THIRD):
        await manager.says(f"シナリオ 変更 冬の便り 1通目 本文\n{text}")
        await manager.presses("1. 反映する", on=f"版{number - 1}→{number}")
        await manager.reads(f"版{number}を公開しました")
    await manager.says("シナリオ 版 冬の便り")
    await manager.reads("3件中")
    await manager.says("シナリオ 元に戻す 冬の便り 版1")
    await manager.presses("公開する", on="版1の内容を下書きにしました")
    await manager.reads("版4を公開しました")
