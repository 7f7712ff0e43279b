// InventiveNudge_Load: from On Server Startup. Reads Settings/inventive-nudge.json beside the project:
// {"url":"https://…/inventive/nudges","source":"demo","secret":"…"}
var $file : 4D.File
var $settings : Object

$file:=Folder(fk database folder).file("Settings/inventive-nudge.json")
If ($file.exists)
	$settings:=JSON Parse($file.getText())
	Use (Storage)
		Storage.inventiveNudge:=New shared object("url"; $settings.url; "source"; $settings.source; "secret"; $settings.secret; "newest"; 0)
	End use
End if
