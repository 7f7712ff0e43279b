// InventiveNudge_Hmac ($secret; $message) -> HMAC-SHA256 as 64 hexadecimal digits (RFC 2104)
// 4D has no HMAC command: H(K xor opad ‖ H(K xor ipad ‖ message)), built from Generate digest.
#DECLARE($secret : Text; $message : Text)->$hex : Text

var $key; $inner; $outer; $text; $digest : Blob
var $base64 : Text
var $i : Integer

TEXT TO BLOB($secret; $key; UTF8 text without length)
If (BLOB size($key)>64)
	$base64:=Generate digest($key; SHA256 digest; *)
	BASE64 DECODE($base64; $key; *)
End if
SET BLOB SIZE($key; 64; 0)  // padded with zero bytes

SET BLOB SIZE($inner; 64; 0)
SET BLOB SIZE($outer; 64; 0)
For ($i; 0; 63)
	$inner{$i}:=$key{$i} ^| 0x0036
	$outer{$i}:=$key{$i} ^| 0x005C
End for

TEXT TO BLOB($message; $text; UTF8 text without length)
SET BLOB SIZE($inner; 64+BLOB size($text))
COPY BLOB($text; $inner; 0; 64; BLOB size($text))
$base64:=Generate digest($inner; SHA256 digest; *)  // Base64URL: the raw bytes are needed, not their hexadecimal text
BASE64 DECODE($base64; $digest; *)

SET BLOB SIZE($outer; 64+BLOB size($digest))
COPY BLOB($digest; $outer; 0; 64; BLOB size($digest))
$hex:=Lowercase(Generate digest($outer; SHA256 digest))
