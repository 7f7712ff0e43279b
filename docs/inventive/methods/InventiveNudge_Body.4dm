// InventiveNudge_Body ($source; $stamp) -> the body to sign and to send, byte for byte the same
#DECLARE($source : Text; $stamp : Real)->$body : Text

$body:="{\"source\":\""+$source+"\",\"stamp\":"+String($stamp; "#################0")+"}"
