// InventiveNudge_Announce: from the triggers. Never waits for the network and never refuses a save.
var $stamp : Real

If (Storage.inventiveNudge#Null)
	$stamp:=ds.getGlobalStamp()  // the number that this save gets, or a later one: "read now" is all it says
	Use (Storage.inventiveNudge)
		If ($stamp>Storage.inventiveNudge.newest)
			Storage.inventiveNudge.newest:=$stamp
		End if
	End use
	CALL WORKER("inventiveNudge"; "InventiveNudge_Post"; $stamp)
	CALL WORKER("inventiveNudgeRepeat"; "InventiveNudge_Repeat"; $stamp)
End if
