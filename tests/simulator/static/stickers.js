// What the keyboard offers: stickers and LINE emoji that every account may send, by LINE's numbers, and common emoji.

// All words fit the faces that stickerfaces.js draws for these numbers.
const MOODS = [
  ["446", "1988", "おやすみ"], ["446", "1989", "OK"], ["446", "1990", "かなしい"], ["446", "1991", "おつかれさま"],
  ["446", "1992", "がんばる"], ["446", "1993", "ありがとう"], ["446", "1994", "よろしく"], ["446", "1995", "ねむい"],
  ["446", "2000", "やった"], ["446", "2003", "ごめんね"], ["789", "10855", "びっくり"], ["789", "10856", "おはよう"],
  ["789", "10857", "うーん"], ["789", "10858", "うれしい"], ["789", "10863", "おねがい"], ["789", "10877", "またね"],
];

export const STICKERS = MOODS.map(([packageId, stickerId, keyword]) => ({ packageId, stickerId, keywords: [keyword] }));

const LINE_EMOJI_PRODUCT = "5ac1bfd5040ab15980c9b435";
const FACES = [
  ["007", "うれしい"], ["008", "にっこり"], ["014", "やった"], ["016", "すき"], ["019", "大笑い"], ["021", "ほっと"], ["024", "わくわく"],
  ["036", "うっとり"], ["013", "てれる"], ["044", "びっくり"], ["015", "ねむい"], ["003", "むむ"], ["001", "がっかり"], ["004", "しょんぼり"],
  ["027", "かなしい"], ["046", "しーん"],
];

/** written: what stands for it in a text [1.5], as "(love)" does in LINE's own. */
export const LINE_EMOJI = FACES.map(([emojiId, word]) => ({ productId: LINE_EMOJI_PRODUCT, emojiId, written: `(${word})` }));

export const EMOJI = [..."😀😄😊🥰😍😘😂🤣😅😉🙂🤔😮😢😭😡😴🤗🙏👍👏👌✌️💪🙌👋💇💈✂️💅🌸🌷🌻🍀☀️☔❄️🎉🎁🎂☕🍰🍙🍜🍺❤️💛💚💙💜✨⭐🔥💦❗❓✅📅⏰📍📷🚃🚗".matchAll(/\p{RGI_Emoji}/gv)]
  .map((found) => found[0]);
