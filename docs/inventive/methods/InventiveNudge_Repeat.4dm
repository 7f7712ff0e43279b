// InventiveNudge_Repeat ($stamp): says it again after 0.3, 1 and 3 seconds. The trigger ran before the commit, and nothing
// in 4D tells a worker when the commit is done.
#DECLARE($stamp : Real)

var $wait : Real

For each ($wait; New collection(0.3; 0.7; 2))
	// A newer save waits behind this one in the worker, with repeats of its own.
	If ($stamp=Storage.inventiveNudge.newest)
		DELAY PROCESS(Current process; $wait*60)
		Use (Storage.inventiveNudge)
			Storage.inventiveNudge.posted:=$stamp-1
		End use
		CALL WORKER("inventiveNudge"; "InventiveNudge_Post"; $stamp)
	End if
End for each
