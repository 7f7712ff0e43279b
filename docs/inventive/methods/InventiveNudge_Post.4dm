// InventiveNudge_Post ($stamp): posts one nudge. Runs in a worker; a failure is left to the repeats and to capture's own poll.
#DECLARE($stamp : Real)

var $options; $headers : Object
var $body; $timestamp; $now : Text
var $seconds : Real
var $request : 4D.HTTPRequest

// Many saves at once: one nudge with the newest stamp says as much as one for each.
If (Num(Storage.inventiveNudge.posted)<$stamp)
	$stamp:=Storage.inventiveNudge.newest
	Use (Storage.inventiveNudge)
		Storage.inventiveNudge.posted:=$stamp
	End use

	$now:=Timestamp  // ISO 8601 in UTC: 2026-11-24T10:00:00.000Z
	$seconds:=(Date(Substring($now; 1; 10)+"T00:00:00")-!1970-01-01!)*86400
	$seconds:=$seconds+(Num(Substring($now; 12; 2))*3600)+(Num(Substring($now; 15; 2))*60)+Num(Substring($now; 18; 2))
	$timestamp:=String($seconds; "##########0")

	$body:=InventiveNudge_Body(Storage.inventiveNudge.source; $stamp)
	$headers:=New object("Content-Type"; "application/json"; "X-Inventive-Timestamp"; $timestamp)
	$headers["X-Inventive-Signature"]:="sha256="+InventiveNudge_Hmac(Storage.inventiveNudge.secret; $timestamp+"."+$body)

	$options:=New object("method"; "POST"; "headers"; $headers; "body"; $body; "timeout"; 2)
	$request:=4D.HTTPRequest.new(Storage.inventiveNudge.url; $options)
	$request.wait(3)
End if
