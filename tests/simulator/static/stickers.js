// What the keyboard offers: stickers that every account may send, by LINE's numbers, and common emoji.

// The words fit the faces that stickerfaces.js draws for these numbers.
const MOODS = [
  ["446", "1988", "おやすみ"], ["446", "1989", "OK"], ["446", "1990", "かなしい"], ["446", "1991", "おつかれさま"],
  ["446", "1992", "がんばる"], ["446", "1993", "ありがとう"], ["446", "1994", "よろしく"], ["446", "1995", "ねむい"],
  ["446", "2000", "やった"], ["446", "2003", "ごめんね"], ["789", "10855", "びっくり"], ["789", "10856", "おはよう"],
  ["789", "10857", "うーん"], ["789", "10858", "うれしい"], ["789", "10863", "おねがい"], ["789", "10877", "またね"],
];

export const STICKERS = MOODS.map(([packageId, stickerId, keyword]) => ({ packageId, stickerId, keywords: [keyword] }));

export const EMOJI = [..."😀😄😊🥰😍😘😂🤣😅😉🙂🤔😮😢😭😡😴🤗🙏👍👏👌✌️💪🙌👋💇💈✂️💅🌸🌷🌻🍀☀️☔❄️🎉🎁🎂☕🍰🍙🍜🍺❤️💛💚💙💜✨⭐🔥💦❗❓✅📅⏰📍📷🚃🚗".matchAll(/\p{RGI_Emoji}/gv)]
  .map((found) => found[0]);
