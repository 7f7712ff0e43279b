// InventiveNudge_SelfTest: run once after installing. Vectors 1 and 2 of RFC 4231, a long key, and one of this contract.
var $ok : Boolean

$ok:=(InventiveNudge_Hmac("Jefe"; "what do ya want for nothing?")="5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
$ok:=$ok & (InventiveNudge_Hmac(Char(11)*20; "Hi There")="b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
// A key of more than 64 bytes is replaced by its digest.
$ok:=$ok & (InventiveNudge_Hmac("k"*100; "lang")="68a19abf13cd8ede219447e3b0cf5b90ef3b61c544dff6caccf102d656d797ed")
// What capture expects for the body {"source":"demo","stamp":1} at second 1800000000.
$ok:=$ok & (InventiveNudge_Hmac("een lang geheim van deze bron"; "1800000000."+InventiveNudge_Body("demo"; 1))="a9afa3321d90c6606f892ba607c04e19fd03d39b270c8583135d4f61cc68ee11")

ALERT(Choose($ok; "InventiveNudge: in orde / in order"; "InventiveNudge: FOUT, niet gebruiken / WRONG, don't use"))
