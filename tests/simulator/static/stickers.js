// What the keyboard offers: stickers that every account may send, by LINE's numbers, and common emoji.

const MOODS = [
  ["446", "1988", "よろしく"], ["446", "1989", "OK"], ["446", "1990", "うれしい"], ["446", "1991", "がんばる"],
  ["446", "1992", "だいすき"], ["446", "1993", "ありがとう"], ["446", "1994", "ねむい"], ["446", "1995", "びっくり"],
  ["446", "2000", "ごめんね"], ["446", "2003", "おつかれさま"], ["789", "10855", "おはよう"], ["789", "10856", "おやすみ"],
  ["789", "10857", "やった"], ["789", "10858", "かなしい"], ["789", "10863", "おねがい"], ["789", "10877", "またね"],
];

export const STICKERS = MOODS.map(([packageId, stickerId, keyword]) => ({ packageId, stickerId, keywords: [keyword] }));

export const EMOJI = [..."😀😄😊🥰😍😘😂🤣😅😉🙂🤔😮😢😭😡😴🤗🙏👍👏👌✌️💪🙌👋💇💈✂️💅🌸🌷🌻🍀☀️☔❄️🎉🎁🎂☕🍰🍙🍜🍺❤️💛💚💙💜✨⭐🔥💦❗❓✅📅⏰📍📷🚃🚗".matchAll(/\p{RGI_Emoji}/gv)]
  .map((found) => found[0]);
